import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Parley } from '../../../main/webapp/client/parley.js';
import { FakeTransport, message, settled } from './fakes.mjs';

let parley;
let heard;

beforeEach(() => {
  heard = [];
  parley = new Parley('http://127.0.0.1/parley/channels', { transport: FakeTransport.factory });
});

afterEach(() => parley.close());

function lobby(start = { history: 50 }) {
  const channel = parley.channel('chat.lobby', start);
  channel.onmessage = event => heard.push(event.message.position);
  channel.onlost = event => heard.push(`lost ${event.after} ${event.before}`);
  return channel;
}

async function again() {
  parley.retry();
  await FakeTransport.last.open();
}

const unavailable = { code: 503, name: 'unavailable', message: 'No.', retry: true };

test('what comes in one message with the reply to a subscription is of that subscription', async () => {
  const channel = lobby();
  await FakeTransport.last.open();
  const { id } = FakeTransport.last.command('subscribe');
  const started = { channel: 'chat.lobby', position: 'e:0', head: 'e:2', recovered: true };
  await FakeTransport.last.push({ id, subscribed: [started] }, message(1), message(2));
  assert.deepEqual(heard, ['e:1', 'e:2']);
  assert.equal(channel.state, 'live');
});

test('at the seam of a resume nothing is lost, doubled or put in another order', async () => {
  lobby();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:4');
  await FakeTransport.last.push(message(1), message(2));
  const before = FakeTransport.last;
  await before.drop();
  await again();
  await before.push(message(3), message(4)); // what the old one still had does not count
  assert.deepEqual(heard, ['e:1', 'e:2']);
  const { id } = FakeTransport.last.command('subscribe');
  const resumed = { channel: 'chat.lobby', position: 'e:2', head: 'e:4', recovered: true };
  await FakeTransport.last.push({ id, subscribed: [resumed] }, message(2), message(3), message(4), message(5));
  assert.deepEqual(heard, ['e:1', 'e:2', 'e:3', 'e:4', 'e:5']);
});

test('a message that is refused for a while keeps its place before the next', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const channel = lobby();
  await FakeTransport.last.open();
  channel.publish({ text: 'first' }).catch(() => {});
  channel.publish({ text: 'second' }).catch(() => {});
  const sent = () => FakeTransport.last.commands('publish').map(({ publish }) => publish.data.text);
  assert.deepEqual(sent(), ['first']);
  await FakeTransport.last.reply('publish', 'error', unavailable);
  t.mock.timers.tick(1_000);
  assert.deepEqual(sent(), ['first', 'first']);
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:1' });
  assert.deepEqual(sent(), ['first', 'first', 'second']);
});

test('channels do not wait for one another', async () => {
  await FakeTransport.last.open();
  parley.channel('chat.lobby').publish({ text: 'a' }).catch(() => {});
  parley.channel('chat.kitchen').publish({ text: 'b' }).catch(() => {});
  assert.deepEqual(FakeTransport.last.commands('publish').map(({ publish }) => publish.channel), ['chat.lobby', 'chat.kitchen']);
});

test('what the server fails over again and again does not hold up the rest for ever', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const channel = lobby();
  await FakeTransport.last.open();
  const failed = assert.rejects(channel.publish({ text: 'poison' }), { name: 'internal' });
  channel.publish({ text: 'next' }).catch(() => {});
  for (let i = 0; i < 8; i++) {
    assert.equal(FakeTransport.last.command('publish').publish.data.text, 'poison');
    await FakeTransport.last.reply('publish', 'error', { code: 500, name: 'internal', message: '', retry: true });
    t.mock.timers.tick(10_000);
  }
  await failed;
  assert.equal(FakeTransport.last.command('publish').publish.data.text, 'next');
});

test('a reply that is lost after the commit is had again, by the same key', async () => {
  const channel = lobby();
  await FakeTransport.last.open();
  const published = channel.publish({ text: 'hi' });
  const { key } = FakeTransport.last.command('publish').publish;
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.drop();
  await again();
  assert.equal(FakeTransport.last.command('publish').publish.key, key);
  await FakeTransport.last.subscribe('e:0', 'e:1');
  await FakeTransport.last.push(message(1));
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:1' });
  assert.equal(await published, 'e:1');
  assert.deepEqual(heard, ['e:1']);
});

test('what is published is as it was when it was published', async () => {
  const channel = lobby();
  const content = { text: 'one' };
  channel.publish(content).catch(() => {});
  content.text = 'two';
  await FakeTransport.last.open();
  assert.deepEqual(FakeTransport.last.command('publish').publish.data, { text: 'one' });
  await assert.rejects(channel.publish(undefined), TypeError);
});

test('a message can be given up at any time: at once, and what is behind it goes on', async () => {
  const channel = lobby();
  const control = new AbortController();
  const taken = assert.rejects(channel.publish({ text: 'no' }, { signal: control.signal }), { name: 'AbortError' });
  control.abort();
  await taken;
  await assert.rejects(channel.publish({ text: 'no' }, { signal: control.signal }), { name: 'AbortError' });
  await FakeTransport.last.open();
  assert.deepEqual(FakeTransport.last.commands('publish'), []);

  const late = new AbortController();
  const reason = new Error('took too long');
  const given = assert.rejects(channel.publish({ text: 'late' }, { signal: late.signal }), reason);
  const next = channel.publish({ text: 'next' });
  await FakeTransport.last.drop();
  await again();
  const { id } = FakeTransport.last.command('publish');
  late.abort(reason);
  await given;
  assert.deepEqual(FakeTransport.last.commands('publish').map(({ publish }) => publish.data.text), ['late', 'next']);
  await FakeTransport.last.push({ id, published: { channel: 'chat.lobby', position: 'e:1' } });
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:2' });
  assert.equal(await next, 'e:2');
  assert.equal(parley.unacknowledged, 0);
});

test('what is told is told once, and only over a connection', async () => {
  const channel = lobby();
  await assert.rejects(channel.tell({ typing: true }), { name: 'connection-lost' });
  await FakeTransport.last.open();
  const told = assert.rejects(channel.tell({ typing: true }), { name: 'connection-lost' });
  assert.deepEqual(FakeTransport.last.command('publish').publish, { channel: 'chat.lobby', data: { typing: true } });
  assert.equal(parley.unacknowledged, 0);
  await FakeTransport.last.drop();
  await told;
  await again();
  assert.deepEqual(FakeTransport.last.commands('publish'), []);
});

test('what is lost is told once, also when the connection ends right after', async () => {
  lobby({ after: 'e:1' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:1', 'e:9');
  await FakeTransport.last.push({ channel: 'chat.lobby', lost: { after: 'e:1', before: 'e:8' } });
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', after: 'e:7' }]);
  await FakeTransport.last.subscribe('e:7', 'e:9');
  await FakeTransport.last.push(message(8), message(9));
  assert.deepEqual(heard, ['lost e:1 e:8', 'e:8', 'e:9']);
});

test('older messages are read without a cursor', async () => {
  const channel = lobby();
  await assert.rejects(channel.history(), { name: 'connection-lost' });
  await FakeTransport.last.open();
  const read = channel.history({ before: 'e:7', limit: 2 });
  assert.deepEqual(FakeTransport.last.command('history').history, { channel: 'chat.lobby', before: 'e:7', limit: 2 });
  await FakeTransport.last.reply('history', 'history', { channel: 'chat.lobby', messages: [message(5), message(6)], more: true });
  const { messages, more } = await read;
  assert.deepEqual(messages.map(({ position, data }) => [position, data.text]), [['e:5', 'm5'], ['e:6', 'm6']]);
  assert.equal(more, true);
  const gone = assert.rejects(channel.history({ before: 'd:7' }), { name: 'not-found' });
  await FakeTransport.last.reply('history', 'error', { code: 404, name: 'not-found', message: '', retry: false });
  await gone;
  assert.deepEqual(heard, []);
});

for (const [code, reason, reconnect] of [
  [1001, '', true], [1006, '', true], [1011, '', true], [1012, '', true], [1013, '', true],
  [4000, '', true], [4001, 'token-expired', true], [4099, '', true], [4100, '', false], [4199, '', false],
  [1002, '', false], [1003, '', false], [4000, 'x; do not reconnect', false], [1000, 'x; reconnect', true],
]) {
  test(`close code ${code} ${reason} ${reconnect ? 'comes back' : 'is final'}`, async () => {
    const closings = [];
    const errors = [];
    parley.onclose = event => closings.push([event.code, event.reconnect]);
    parley.onerror = event => errors.push(event.error.code);
    await FakeTransport.last.open();
    FakeTransport.last.listener.closed({ code, reason });
    await settled();
    assert.deepEqual(closings, [[code, reconnect]]);
    assert.equal(parley.state, reconnect ? 'waiting' : 'closed');
    assert.deepEqual(errors, reconnect ? [] : [code]);
  });
}

test('a clock that is set does not move the next try', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await FakeTransport.last.open();
  const before = FakeTransport.last;
  await before.drop();
  const now = Date.now();
  t.mock.method(Date, 'now', () => now - 3_600_000);
  assert.ok(parley.retryAt - Date.now() <= 500);
  t.mock.timers.tick(500);
  assert.notEqual(FakeTransport.last, before);
});

test('it tries at once when the network is back, and doubts what it has when the network goes', async t => {
  const window = new EventTarget();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  globalThis.addEventListener = window.addEventListener.bind(window);
  try {
    parley.close();
    parley = new Parley('http://127.0.0.1/parley/channels', { transport: FakeTransport.factory });
    await FakeTransport.last.open();
    await FakeTransport.last.drop();
    const before = FakeTransport.last;
    window.dispatchEvent(new Event('online'));
    assert.notEqual(FakeTransport.last, before);
    await FakeTransport.last.open();
    const open = FakeTransport.last;
    window.dispatchEvent(new Event('offline'));
    assert.ok(open.command('ping'));
    t.mock.timers.tick(4_000);
    assert.ok(open.closed);
    parley.close();
    const attempts = FakeTransport.all.length;
    parley.retry();
    window.dispatchEvent(new Event('online'));
    assert.equal(FakeTransport.all.length, attempts);
  } finally {
    delete globalThis.addEventListener;
  }
});

test('who is told to come back within a time comes at some moment of it', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.mock.method(Math, 'random', () => 0.75);
  lobby();
  await FakeTransport.last.open();
  await FakeTransport.last.push({ disconnect: { code: 1012, name: 'restart', reconnect: true, within: 8 } });
  const before = FakeTransport.all.length;
  await FakeTransport.last.drop(1012);
  t.mock.timers.tick(5_900);
  assert.equal(FakeTransport.all.length, before);
  t.mock.timers.tick(200);
  assert.equal(FakeTransport.all.length, before + 1);
});
