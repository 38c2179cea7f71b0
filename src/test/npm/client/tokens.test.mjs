import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Parley } from '../../../main/webapp/client/parley.js';
import { FakeTransport, message, settled } from './fakes.mjs';

const URL = 'http://127.0.0.1/parley/channels';
const START = Date.parse('2026-11-22T08:00:00Z');

let parley;
let events;

beforeEach(t => t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START }));

afterEach(() => parley.close());

function connect(token) {
  events = [];
  parley = new Parley(URL, { token, transport: FakeTransport.factory });
  parley.onerror = ({ error }) => events.push(`error ${error.name}`);
  parley.onclose = ({ code, reconnect }) => events.push(`close ${code} ${reconnect}`);
}

const inSeconds = seconds => new Date(Date.now() + 1_000 * seconds).toISOString();

async function accepted(expires) {
  FakeTransport.last.listener.opened();
  await settled();
  await FakeTransport.last.reply('connect', 'connected', { connection: 'c', user: 'ann', expires });
}

test('a token is shown on each connection, from a function a fresh one', async () => {
  let number = 0;
  connect(async () => `token-${++number}`);
  await accepted();
  assert.equal(FakeTransport.last.command('connect').connect.token, 'token-1');
  await FakeTransport.last.drop();
  parley.retry();
  await accepted();
  assert.equal(FakeTransport.last.command('connect').connect.token, 'token-2');
});

test('it is renewed in good time, and nothing is missed meanwhile', async t => {
  let number = 0;
  connect(() => `token-${++number}`);
  const heard = [];
  const lobby = parley.channel('chat.lobby', { history: 50 });
  lobby.onmessage = event => heard.push(event.message.position);
  await accepted(inSeconds(300));
  const transport = FakeTransport.last;
  await transport.subscribe('e:0', 'e:0');
  t.mock.timers.tick(20_000);
  await transport.push(message(1));
  t.mock.timers.tick(20_000);
  await transport.push(message(2));
  assert.equal(transport.command('refresh'), undefined);
  for (let i = 0; i < 10; i++) {
    t.mock.timers.tick(20_000);
    await transport.push(message(3 + i));
  }
  assert.deepEqual(transport.command('refresh').refresh, { token: 'token-2' });
  await transport.reply('refresh', 'refreshed', { expires: inSeconds(300) });
  for (let i = 0; i < 12; i++) {
    t.mock.timers.tick(20_000);
    await transport.push(message(13 + i));
  }
  assert.deepEqual(transport.commands('refresh').map(({ refresh }) => refresh.token), ['token-2', 'token-3']);
  assert.equal(FakeTransport.last, transport);
  assert.deepEqual(heard, Array.from({ length: 24 }, (_, i) => `e:${i + 1}`));
  assert.deepEqual(events, []);
});

test('a short life is renewed before it ends too, and a wrong clock makes no storm of it', async t => {
  connect(() => 'token');
  await accepted(inSeconds(6));
  t.mock.timers.tick(4_000);
  await settled();
  assert.equal(FakeTransport.last.commands('refresh').length, 1);
  await FakeTransport.last.reply('refresh', 'refreshed', { expires: inSeconds(-3_600) });
  t.mock.timers.tick(9_000);
  await settled();
  assert.equal(FakeTransport.last.commands('refresh').length, 1);
});

test('a renewal that fails is told, and tried again', async t => {
  let fails = false;
  connect(() => (fails ? Promise.reject(new Error('no network')) : 'token'));
  await accepted(inSeconds(60));
  fails = true;
  t.mock.timers.tick(40_000);
  await settled();
  assert.deepEqual(events, ['error no-token']);
  fails = false;
  t.mock.timers.tick(5_000);
  await settled();
  assert.deepEqual(FakeTransport.last.commands('refresh').map(({ refresh }) => refresh), [{ token: 'token' }]);
});

test('without a renewal it ends with 4001 and comes back with a fresh token', async () => {
  let number = 0;
  connect(() => `token-${++number}`);
  await accepted();
  await FakeTransport.last.push({ disconnect: { code: 4001, name: 'token-expired', reconnect: true } });
  await FakeTransport.last.drop(4001);
  assert.deepEqual(events, ['close 4001 true']);
  parley.retry();
  await accepted();
  assert.equal(FakeTransport.last.command('connect').connect.token, 'token-2');
});

test('a token that cannot be renewed ends it, and says so', async () => {
  connect('token');
  await accepted();
  await FakeTransport.last.drop(4001);
  parley.retry();
  FakeTransport.last.listener.opened();
  await settled();
  await FakeTransport.last.reply('connect', 'error', { code: 401, name: 'token-expired', message: '', retry: false });
  assert.deepEqual(events, ['close 4001 true', 'error token-expired', 'close 401 false']);
  assert.equal(parley.state, 'closed');
});

test('who is refused though a fresh token may do tries again with one', async t => {
  let number = 0;
  connect(() => `token-${++number}`);
  FakeTransport.last.listener.opened();
  await settled();
  await FakeTransport.last.reply('connect', 'error', { code: 401, name: 'token-expired', message: '', retry: false });
  assert.equal(parley.state, 'waiting');
  const refused = FakeTransport.last;
  t.mock.timers.tick(1_000);
  assert.notEqual(FakeTransport.last, refused);
  await accepted();
  assert.equal(FakeTransport.last.command('connect').connect.token, 'token-2');
  assert.equal(parley.state, 'open');
});

test('a guest where there are none is told, and not tried again', async t => {
  connect(undefined);
  FakeTransport.last.listener.opened();
  await settled();
  await FakeTransport.last.reply('connect', 'error', { code: 401, name: 'bad-credentials', message: '', retry: false });
  assert.deepEqual(events, ['error bad-credentials', 'close 401 false']);
  assert.equal(parley.state, 'closed');
  const refused = FakeTransport.last;
  t.mock.timers.tick(3_600_000);
  assert.equal(FakeTransport.last, refused);
});

test('no token, no connection: it waits and tries again, and nothing goes before who one is', async t => {
  let give;
  connect(() => new Promise((resolve, reject) => (give = { resolve, reject })));
  FakeTransport.last.listener.opened();
  t.mock.timers.tick(60_000);
  await settled();
  assert.deepEqual(FakeTransport.last.sent, []);
  give.reject(new Error('not now'));
  await settled();
  assert.equal(parley.state, 'waiting');
  assert.deepEqual(events, ['error no-token', 'close 0 true']);
});
