import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../main/webapp/client/backoff.js';
import { read, write } from '../../../main/webapp/client/codec.js';
import { Cursors } from '../../../main/webapp/client/cursors.js';
import { readEvents } from '../../../main/webapp/client/event-stream.js';
import { between, isAfter } from '../../../main/webapp/client/position.js';

test('pauses grow to a longest, from half of it to the whole', t => {
  let chance = 0;
  t.mock.method(Math, 'random', () => chance);
  const shortest = new Backoff({ first: 100, longest: 1_000 });
  assert.deepEqual(Array.from({ length: 6 }, () => shortest.next()), [50, 100, 200, 400, 500, 500]);
  chance = 1;
  const longest = new Backoff({ first: 100, longest: 1_000 });
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
  for (const wrong of ['[1]', 'nonsense', '{"a":1}\n[1]\n']) {
    assert.throws(() => read(wrong), SyntaxError, wrong);
  }
});

test('a binary message is a line, a newline, and bytes that may hold newlines', async () => {
  const blob = write({ id: 1, publish: { type: 'x/y' } }, new Blob([new Uint8Array([10, 0, 10])]));
  const [record] = read(await blob.arrayBuffer());
  assert.deepEqual(record.publish, { type: 'x/y' });
  assert.deepEqual([...record.bytes], [10, 0, 10]);
  assert.throws(() => read(new TextEncoder().encode('{}').buffer), SyntaxError);
});

test('a stream of events may come in parts that end anywhere', async () => {
  const text = 'retry: 2000\n\n:\n\nevent: subscribed\ndata: {"a":"é"}\n\ndata: {"b":1}\n\nid: x@e:1\n\n:\ndata: {"c":2}\n\n';
  const bytes = new TextEncoder().encode(text);
  for (let length = 1; length <= bytes.length; length++) {
    const events = [];
    const parts = Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) => bytes.slice(i * length, (i + 1) * length));
    for await (const whole of readEvents(new Response(ReadableStream.from(parts)))) {
      events.push(...whole);
    }
    assert.deepEqual(events, [
      { type: 'subscribed', data: '{"a":"é"}' },
      { type: '', data: '{"b":1}' },
      { type: '', data: '{"c":2}' },
    ]);
  }
});

test('places over requests: each reply says where a channel begins, then come its messages', () => {
  const cursors = new Cursors();
  cursors.open(7, [{ channel: 'a', history: 2 }, { channel: 'b', after: 'e:4' }, { channel: 'x' }]);
  assert.equal(cursors.queries().map(String).join(' '),
    'presence=full&channel=a&after=&history=2&channel=b&after=e%3A4&history=0&channel=x&after=&history=0');
  const [reply, ...pushes] = cursors.take({
    channels: [
      { channel: 'a', position: 'e:9', head: 'e:9', recovered: true, presence: { count: 1 } },
      { channel: 'b', position: 'e:4', head: 'e:4', recovered: true },
      { channel: 'x', error: { code: 403, name: 'not-allowed' } },
    ],
    messages: [{ channel: 'a', position: 'e:8' }, { channel: 'a', position: 'e:9' }, { channel: 'gone', position: 'e:1' }],
  });
  assert.deepEqual(reply, { id: 7, subscribed: [
    { channel: 'a', position: 'e:7', head: 'e:9', recovered: true, lost: undefined },
    { channel: 'b', position: 'e:4', head: 'e:4', recovered: true, lost: undefined },
    { channel: 'x', error: { code: 403, name: 'not-allowed' } },
  ] });
  assert.deepEqual(pushes.map(({ position }) => position), ['e:8', 'e:9']);
  assert.equal(cursors.queries().map(String).join(' '),
    'presence=true&channel=a&after=e%3A9&history=2&channel=b&after=e%3A4&history=0');
  assert.deepEqual(cursors.takePresence('a'), { count: 1 });
  assert.equal(cursors.takePresence('a'), undefined);
  assert.throws(() => cursors.takePresence('b'), { name: 'not-allowed' });
});

test('places over requests: what is lost meanwhile is told, and what is refused is over', () => {
  const cursors = new Cursors();
  cursors.open(1, [{ channel: 'a', after: 'e:1' }, { channel: 'b', after: 'e:1' }]);
  cursors.take({ channels: ['a', 'b'].map(channel => ({ channel, position: 'e:1', head: 'e:1', recovered: true })) });
  const lost = { after: 'e:1', before: 'e:5' };
  assert.deepEqual(
    cursors.take({
      channels: [{ channel: 'a', position: 'e:5', head: 'e:6', recovered: false, lost }, { channel: 'b', error: { code: 403 } }],
      messages: [{ channel: 'a', position: 'e:5' }],
    }),
    [{ channel: 'a', lost }, { channel: 'b', unsubscribed: { code: 403 } }, { channel: 'a', position: 'e:5' }]);
  assert.equal(cursors.behind, true);
  assert.equal(cursors.size, 1);
});
