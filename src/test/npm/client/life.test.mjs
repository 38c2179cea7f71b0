import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { logged } from '../../../main/webapp/client/debug-log.js';
import { Parley } from '../../../main/webapp/client/parley.js';
import { FakeTransport, message, settled } from './fakes.mjs';

const ADDRESS = 'http://127.0.0.1/parley/channels';

let parley;

afterEach(() => parley.close());

test('it connects when it is told to, with what was asked for meanwhile', async () => {
  const before = FakeTransport.all.length;
  parley = new Parley(ADDRESS, { transport: FakeTransport.factory, autoConnect: false });
  assert.equal(parley.state, 'idle');
  const lobby = parley.channel('chat.lobby');
  const published = lobby.publish({ text: 'early' });
  await settled();
  assert.equal(FakeTransport.all.length, before);
  parley.connect();
  parley.connect();
  assert.equal(FakeTransport.all.length, before + 1);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:1' });
  assert.equal(await published, 'e:1');
});

test('what is closed stays closed, whatever is done to it, and so do its channels', async () => {
  parley = new Parley(ADDRESS, { transport: FakeTransport.factory });
  const lobby = parley.channel('chat.lobby');
  const owner = parley.subscribe('chat.lobby');
  await FakeTransport.last.open();
  parley.close();
  const { length } = FakeTransport.all;
  assert.deepEqual([parley.state, lobby.state, owner.state], ['closed', 'closed', 'closed']);
  parley.retry();
  parley.rename('Bob');
  parley.close();
  for (const act of [() => parley.connect(), () => parley.channel('chat.lobby'), () => parley.subscribe('chat.other')]) {
    assert.throws(act, { name: 'closed' });
  }
  await assert.rejects(lobby.publish({}), { name: 'closed' });
  await settled();
  assert.equal(FakeTransport.all.length, length);
  assert.equal(parley.state, 'closed');
});

test('what is closed while its token is fetched does not connect after all', async () => {
  let give;
  parley = new Parley(ADDRESS, { transport: FakeTransport.factory, token: () => new Promise(resolve => (give = resolve)) });
  FakeTransport.last.listener.opened();
  await settled();
  parley.close();
  give('token');
  await settled();
  assert.deepEqual(FakeTransport.last.sent, []);
  assert.equal(parley.state, 'closed');
});

test('what the server has ended can be connected again', async () => {
  parley = new Parley(ADDRESS, { transport: FakeTransport.factory });
  await FakeTransport.last.open();
  await FakeTransport.last.drop(4101);
  assert.equal(parley.state, 'closed');
  parley.connect();
  await FakeTransport.last.open();
  assert.equal(parley.state, 'open');
});

test('a debug log has what happens and what goes over the wire, and no secret', async () => {
  const lines = [];
  const log = (what, details) => lines.push(`${what} ${JSON.stringify(details)}`);
  parley = new Parley(ADDRESS, { transport: FakeTransport.factory, token: 'tok', secret: 'sec', log });
  parley.channel('chat.lobby');
  const before = FakeTransport.all.length;
  while (FakeTransport.all.length === before) {
    await settled();
  }
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push({ ...message(1), type: 'image/png', size: 2, bytes: new Uint8Array([1, 2]) });
  await FakeTransport.last.drop();
  const text = lines.join('\n');
  for (const expected of ['websocket: opening', 'websocket: opened', 'websocket → {"id":1,"connect"', '"token":"…"',
    'websocket ← {"id":1,"connected"', '"bytes":"2 bytes"', 'websocket: closed {"code":1006', 'waiting', 'close {']) {
    assert.ok(text.includes(expected), `${expected} in\n${text}`);
  }
  assert.doesNotMatch(text, /"tok"|"sec"|secret-1/);
});

test('a transport whose log is kept is the same', () => {
  const transport = logged(FakeTransport.factory, 'websocket', () => {})(new URL('ws://127.0.0.1/'), {}, {});
  FakeTransport.last.buffered = 7;
  assert.equal(transport.buffered, 7);
  transport.close(1000, 'x');
  assert.ok(FakeTransport.last.closed);
});
