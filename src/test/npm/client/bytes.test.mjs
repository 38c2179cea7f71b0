import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import '../../../main/webapp/client/http-transport.js';
import { Api } from '../../../main/webapp/client/api.js';
import { Parley } from '../../../main/webapp/client/parley.js';
import { FakeServer } from './fake-server.mjs';

const LOBBY = 'chat.lobby';
const BYTES = new Uint8Array([7, 8, 9]);

let server;
let parley;

beforeEach(() => {
  server = new FakeServer();
  server.install();
});

afterEach(() => {
  parley?.close();
  server.uninstall();
});

/** The first messages that come over a transport. */
function first(count, options) {
  parley = new Parley('http://127.0.0.1/parley/channels', options);
  const messages = [];
  return new Promise(resolve => {
    parley.channel(LOBBY, { history: 50 }).onmessage = ({ message }) => messages.push(message) === count && resolve(messages);
  });
}

for (const transport of ['sse', 'long-polling', 'polling']) {
  test(`small bytes come with the message over ${transport} as they do over a WebSocket, and in their place`, async () => {
    server.obstacles.token = 'ann';
    server.publish(LOBBY, 'before');
    server.publishBytes(LOBBY, 'image/png', BYTES);
    server.publish(LOBBY, 'after');
    const [before, image, after] = await first(3, { transports: [transport], token: 'ann' });
    assert.deepEqual([before.data, after.data], ['before', 'after']);
    assert.ok(image.data instanceof Blob);
    assert.equal(image.data.type, 'image/png');
    assert.deepEqual(new Uint8Array(await image.data.arrayBuffer()), BYTES);
    assert.equal(image.url, null);
  });
}

test('bytes that cannot be had leave their address, and what follows comes', async () => {
  server.obstacles.token = 'another';
  server.publishBytes(LOBBY, 'image/png', BYTES);
  server.publish(LOBBY, 'after');
  const [image, after] = await first(2, { transports: ['sse'], token: 'ann' });
  assert.equal(image.data, null);
  assert.match(image.url, /content$/);
  assert.equal(after.data, 'after');
});

test('bytes that did not come along are fetched with the token that the connection has shown', async () => {
  server.obstacles.token = 'ann';
  server.publishBytes(LOBBY, 'image/png', BYTES);
  const [image] = await first(1, { transports: ['websocket'], token: () => 'ann' });
  assert.deepEqual(new Uint8Array(await (await image.blob()).arrayBuffer()), BYTES);
});

test('they are fetched by the fetch of the options', async () => {
  const asked = [];
  server.publishBytes(LOBBY, 'image/png', BYTES);
  const browsers = globalThis.fetch;
  const fetch = (url, request) => asked.push(url.pathname) && browsers(url, request);
  const [image] = await first(1, { transports: ['websocket'], fetch });
  await image.blob();
  assert.deepEqual(asked, ['/parley/api/channels/chat.lobby/messages/e:1/content']);
});

test('what was given up before it was asked is not asked', async () => {
  const api = new Api(new URL('http://127.0.0.1/parley/'));
  await assert.rejects(api.ask('connection', AbortSignal.abort(), 1_000), { name: 'connection-lost' });
  assert.equal(server.asked.length, 0);
});

test('a publish that a signal has timed out fails, also where it was sent and the server is gone', async () => {
  parley = new Parley('http://127.0.0.1/parley/channels', { transports: ['polling'] });
  await new Promise(resolve => (parley.onopen = resolve));
  server.obstacles.away = true;
  const control = new AbortController();
  const published = parley.channel(LOBBY).publish('x', { signal: control.signal });
  published.catch(() => {});
  while (server.asked.filter(({ method }) => method === 'POST').length === 0) {
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  control.abort(new DOMException('late', 'TimeoutError'));
  await assert.rejects(Promise.race([published, new Promise(resolve => setTimeout(resolve, 1_000))]), { name: 'TimeoutError' });
});
