import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import '../../../main/webapp/client/diagnosis.js';
import '../../../main/webapp/client/http-transport.js';
import { Parley } from '../../../main/webapp/client/parley.js';
import { socketUrl } from '../../../main/webapp/client/addresses.js';
import { FakeServer } from './fake-server.mjs';
import { settled } from './fakes.mjs';

const ADDRESS = 'http://127.0.0.1/parley/channels';

let server;
let parley;

beforeEach(() => {
  server = new FakeServer();
  server.install();
});

afterEach(() => {
  parley?.close();
  server.uninstall();
  delete globalThis.location;
});

const opened = () => new Promise(resolve => (parley.onopen = resolve));
const event = type => new Promise(resolve => parley.addEventListener(type, resolve, { once: true }));

test('where the platform has no WebSocket, the next transport is used', async () => {
  delete globalThis.WebSocket;
  parley = new Parley(ADDRESS);
  await opened();
  assert.equal(parley.transport, 'sse');
});

test('that only a WebSocket may be used where there is none is told', () => {
  delete globalThis.WebSocket;
  assert.throws(() => new Parley(ADDRESS, { transports: ['websocket'] }), { name: 'TypeError', message: /no WebSocket/ });
});

test('a WebSocket that the page may not open is no reason to give up', async () => {
  globalThis.WebSocket = class {
    constructor() {
      throw new DOMException('An insecure WebSocket connection may not be initiated', 'SecurityError');
    }
  };
  parley = new Parley(ADDRESS);
  await opened();
  assert.equal(parley.transport, 'sse');
});

/** As the package ws: an error that nobody listens for is thrown. */
class Socket extends EventEmitter {
  bufferedAmount = 0;
  set onerror(handler) {
    this.on('error', handler);
  }
  set onclose(handler) {
    this.on('close', handler);
  }
  constructor() {
    super();
    setImmediate(() => {
      this.emit('error', new Error('connect ECONNREFUSED'));
      this.emit('close', { code: 1006, reason: '' });
    });
  }
  close() {}
}

test('a refused connection of the package ws is the end of a connection, and of nothing else', async () => {
  parley = new Parley(ADDRESS, { WebSocket: Socket });
  await opened();
  assert.equal(parley.transport, 'sse');
});

for (const [location, expected] of [
  ['http://127.0.0.1/app/worker.js', 'ws://127.0.0.1/app/channels'],
  ['blob:https://example.org/0b8e', 'wss://example.org/channels'],
]) {
  test(`an address is relative to the worker ${location}`, () => {
    globalThis.location = new URL(location);
    assert.equal(socketUrl('channels').href, expected);
  });
}

test('a page whose origin is not listed is told so, once', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  globalThis.location = new URL('https://shop.example/page');
  server.obstacles.foreign = true;
  parley = new Parley(ADDRESS);
  const errors = [];
  parley.onerror = ({ error }) => errors.push(error);
  for (let time = 0; time < 120_000; time += 100) {
    t.mock.timers.tick(100);
    await settled();
  }
  assert.deepEqual(errors.map(({ name }) => name), ['origin-not-listed']);
  assert.match(errors[0].message, /https:\/\/shop\.example.*parley\.origins/);
  assert.equal(parley.state === 'waiting' || parley.state === 'connecting', true);
});

test('a server that is away is no error', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  server.obstacles.away = true;
  parley = new Parley(ADDRESS);
  const errors = [];
  parley.onerror = ({ error }) => errors.push(error);
  for (let time = 0; time < 60_000; time += 100) {
    t.mock.timers.tick(100);
    await settled();
  }
  assert.deepEqual(errors, []);
});

test('a path that is not the endpoint\'s does not open over HTTP, and is told', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  server.obstacles.upgrade = 'stripped';
  parley = new Parley('http://127.0.0.1/parley/nothing');
  const told = event('error');
  for (let time = 0; time < 30_000; time += 100) {
    t.mock.timers.tick(100);
    await settled();
  }
  const { error } = await told;
  assert.equal(error.name, 'not-opened');
  assert.match(error.message, /\/parley\/nothing/);
  assert.equal(server.count('events'), 0);
  assert.throws(() => new Parley('http://127.0.0.1/parley/nothing', { transports: ['sse'] }),
    { name: 'TypeError', message: /\/parley\/nothing/ });
});
