import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../main/webapp/client/backoff.js';
import { read, write } from '../../../main/webapp/client/codec.js';
import { Cursors } from '../../../main/webapp/client/cursors.js';
import { readEvents } from '../../../main/webapp/client/event-stream.js';
import { behindGap, between, continued, isAfter, isForgotten, onward } from '../../../main/webapp/client/position.js';

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

test('positions of one lineage are compared by their numbers, and what is forgotten lies before the next epoch', () => {
  const lineage = { e: 10, f: 12, g: Infinity };
  const inOrder = ['e:9', 'e:10', 'f:11', 'f:12', 'g:13'];
  for (const [index, position] of inOrder.entries()) {
    inOrder.forEach((other, there) => assert.equal(isAfter(position, other, lineage), index > there, `${position} ${other}`));
  }
  assert.ok(isAfter('e:15', 'e:10', lineage));
  assert.ok(isAfter('f:11', 'e:15', lineage));
  assert.ok(!isAfter('e:15', 'f:11', lineage));
  assert.ok(!isAfter('e:15', 'g:13', lineage));
  assert.ok(isAfter('x:1', 'g:13', lineage) && isAfter('g:13', 'x:1', lineage), 'of an unknown epoch');
  assert.deepEqual(['e:10', 'e:11', 'f:13', 'g:99', 'x:1'].map(position => isForgotten(position, lineage)),
    [false, true, true, false, false]);
  assert.equal(between('e:9', 'g:14', lineage), 4);
  assert.equal(between('e:15', 'f:12', lineage), 1);
  assert.equal(between('x:1', 'f:12', lineage), null);
  assert.equal(onward('e:9', 1, lineage), 'e:10');
  assert.equal(onward('e:9', 2, lineage), 'f:11');
  assert.equal(onward('e:15', 4, lineage), 'g:14');
  assert.equal(onward('x:1', 4, {}), 'x:5');
});

test('the first message of an epoch shows where the one before ended', () => {
  const known = { e: Infinity };
  assert.equal(continued(known, 'e:11', 'e:10'), known);
  assert.deepEqual(continued(known, 'f:11', 'e:10'), { e: 10, f: Infinity });
  assert.deepEqual(continued({ e: 8 }, 'f:11', 'e:8'), { e: 8, f: Infinity });
  assert.ok(isAfter('f:1', 'e:10', continued(known, 'f:1', 'e:10')), 'a log begun anew');
});

test('it goes on behind what is lost, and before what is forgotten', () => {
  const forgotten = { after: 'e:10', before: 'e:21' };
  assert.equal(behindGap({ lost: { after: 'e:1', before: 'e:5' } }), 'e:4');
  assert.equal(behindGap({ lost: {} }), undefined);
  assert.equal(behindGap({ forgotten }), 'e:10');
  assert.equal(behindGap({ forgotten, lost: { after: 'e:10', before: 'f:16' } }), 'f:15');
});

test('a text message is one object a line', () => {
  assert.deepEqual(read('{"a":1}\n{"b":2}\n'), [{ a: 1 }, { b: 2 }]);
});

test('a line that cannot be read stops nothing: it is of its message, or of its command', () => {
  const place = '"channel":"a","position":"e:2"';
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const [first, message, reply, nonsense, far, last] =
    read(`{"a":1}\n{${place},"data":{oops}}\n{"id":7,"history":{"messages":[{oops]}}\nnonsense\n{${place},"data":${deep}}\n{"b":2}`);
  assert.deepEqual([first, last], [{ a: 1 }, { b: 2 }]);
  assert.deepEqual(message, { channel: 'a', position: 'e:2', unreadable: true });
  assert.deepEqual(reply, { id: 7, error: { name: 'unreadable' } });
  assert.equal(nonsense.channel, undefined);
  assert.ok(far.data);
});

test('a binary message is a line, a newline, and bytes that may hold newlines', async () => {
  const blob = write({ id: 1, publish: { type: 'x/y' } }, new Blob([new Uint8Array([10, 0, 10])]));
  const [record] = read(await blob.arrayBuffer());
  assert.deepEqual(record.publish, { type: 'x/y' });
  assert.deepEqual([...record.bytes], [10, 0, 10]);
  assert.equal(read(new TextEncoder().encode('no newline').buffer)[0].channel, undefined);
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
  assert.equal(queries(cursors).map(String).join(' '),
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
    { channel: 'a', position: 'e:7', head: 'e:9', recovered: true },
    { channel: 'b', position: 'e:4', head: 'e:4', recovered: true },
    { channel: 'x', error: { code: 403, name: 'not-allowed' } },
  ] });
  assert.deepEqual(pushes.map(({ position }) => position), ['e:8', 'e:9']);
  assert.equal(queries(cursors).map(String).join(' '),
    'presence=true&channel=a&after=e%3A9&history=2&channel=b&after=e%3A4&history=0');
  assert.deepEqual(cursors.takePresence('a'), { count: 1 });
  assert.equal(cursors.takePresence('a'), undefined);
  assert.throws(() => cursors.takePresence('b'), { name: 'not-allowed' });
});

test('places over requests: what was forgotten meanwhile is told before what follows, and read on from there', () => {
  const cursors = new Cursors();
  cursors.open(1, [{ channel: 'a', after: 'e:15' }, { channel: 'b', after: 'e:15' }]);
  const forgotten = { after: 'e:10', before: 'e:16' };
  const ancestors = [['e', 10]];
  const gone = { recovered: false, forgotten, ancestors };
  const [{ subscribed }] = cursors.take({ channels: [
    { channel: 'a', position: 'e:10', head: 'e:10', recovered: false, forgotten },
    { channel: 'b', position: 'f:11', head: 'f:11', ...gone },
  ], messages: [{ channel: 'b', position: 'f:11' }] });
  assert.deepEqual(subscribed, [
    { channel: 'a', position: 'e:10', head: 'e:10', recovered: false, forgotten },
    { channel: 'b', position: 'f:10', head: 'f:11', ...gone },
  ]);
  assert.equal(cursors.behind, false);
  const [first, second] = cursors.take({ channels: [{ channel: 'b', position: 'f:11', head: 'f:11', ...gone }] });
  assert.deepEqual(first, { channel: 'b', lost: false, forgotten, ancestors });
  assert.equal(second, undefined);
  cursors.take({ messages: [{ channel: 'b', forgotten: { after: 'f:10', before: 'f:12' }, ancestors }] });
  assert.match(String(queries(cursors)[0]), /channel=b&after=f%3A10/);
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
    [{ channel: 'a', lost, forgotten: undefined, ancestors: undefined }, { channel: 'b', unsubscribed: { code: 403 } }, { channel: 'a', position: 'e:5' }]);
  assert.equal(cursors.behind, true);
  assert.equal(cursors.size, 1);
});

const queries = cursors => cursors.groups().map(group => cursors.query(group));
