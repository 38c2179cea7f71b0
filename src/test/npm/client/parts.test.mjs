import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../main/webapp/client/backoff.js';
import { read, write } from '../../../main/webapp/client/codec.js';
import { between, isAfter } from '../../../main/webapp/client/position.js';

test('pauses grow to a longest, from half of it to the whole', () => {
  const shortest = new Backoff({ first: 100, longest: 1_000, random: () => 0 });
  const longest = new Backoff({ first: 100, longest: 1_000, random: () => 1 });
  assert.deepEqual(Array.from({ length: 6 }, () => shortest.next()), [50, 100, 200, 400, 500, 500]);
  assert.deepEqual(Array.from({ length: 6 }, () => longest.next()), [100, 200, 400, 800, 1_000, 1_000]);
  longest.reset();
  assert.equal(longest.next(), 100);
});

test('a position is compared by its number, and never with one of another epoch', () => {
  assert.ok(isAfter('e:10', 'e:9'));
  assert.ok(!isAfter('e:9', 'e:9'));
  assert.ok(!isAfter('e:9', 'e:10'));
  assert.ok(isAfter('f:1', 'e:10'));
  assert.ok(isAfter('e:1', null));
  assert.equal(between('e:10', 'e:13'), 2);
  assert.equal(between('e:10', 'f:13'), null);
});

test('a text message is one object a line', () => {
  assert.deepEqual(read('{"a":1}\n{"b":2}\n'), [{ a: 1 }, { b: 2 }]);
  assert.throws(() => read('[1]'), SyntaxError);
  assert.throws(() => read('nonsense'), SyntaxError);
});

test('a binary message is a line, a newline, and bytes that may hold newlines', async () => {
  const blob = write({ id: 1, publish: { type: 'x/y' } }, new Blob([new Uint8Array([10, 0, 10])]));
  const [record] = read(await blob.arrayBuffer());
  assert.deepEqual(record.publish, { type: 'x/y' });
  assert.deepEqual([...record.bytes], [10, 0, 10]);
  assert.throws(() => read(new TextEncoder().encode('{}').buffer), SyntaxError);
});
