import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Parley } from '../../../main/webapp/client/parley.js';
import '../../../main/webapp/client/http-transport.js';
import '../../../main/webapp/client/request-slots.js';
import { FakeServer } from './fake-server.mjs';
import { settled } from './fakes.mjs';

const LOBBY = 'chat.lobby';

let server;
let parley;
let clock;
let came;
let moves;

beforeEach(t => {
  clock = t.mock?.timers;
  server = new FakeServer();
  server.install();
  came = [];
  moves = [];
});

afterEach(() => {
  parley?.close();
  server.uninstall();
  delete globalThis.localStorage;
  delete globalThis.document;
});

/** With the test's own clock, since the pauses and the patience of a client are long. */
function timed(name, body) {
  test(name, async t => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
    clock = t.mock.timers;
    await body(t);
  });
}

async function pass(milliseconds, step = 20) {
  for (let time = 0; time < milliseconds; time += step) {
    clock.tick(step);
    await settled();
    await settled();
  }
}

function begin(options = {}) {
  parley = new Parley('http://127.0.0.1/parley/channels', { name: 'Ann', ...options });
  parley.ontransport = event => moves.push(event.transport);
  parley.onlost = () => came.push('lost');
  const lobby = parley.channel(LOBBY, { history: 50 });
  lobby.onmessage = ({ data }) => came.push(data);
  return lobby;
}

/** Both sides talk, and nothing of it may be lost, doubled or out of order. */
async function talk(lobby, count, pause = 100) {
  const before = server.log(LOBBY).length;
  for (let number = 0; number < count; number++) {
    server.publish(LOBBY, `theirs ${before + number}`);
    lobby.publish(`ours ${before + number}`);
    await pass(pause);
  }
}

function assertWhole(count) {
  const all = server.log(LOBBY).map(({ message }) => message.data);
  assert.equal(all.length, count);
  assert.deepEqual(came, all);
  const ours = all.filter(text => text.startsWith('ours')).map(text => Number(text.slice(5)));
  assert.deepEqual(ours, ours.toSorted((a, b) => a - b));
}

const WAYS = [
  ['nothing in the way', {}, ['websocket']],
  ['no Upgrade', { upgrade: 'stripped' }, ['sse']],
  ['handshakes that nobody answers', { upgrade: 'unanswered' }, ['sse']],
  ['a WebSocket that opens and carries nothing', { upgrade: 'mute' }, ['sse']],
  ['no Upgrade, and streams are buffered', { upgrade: 'stripped', buffers: true }, ['sse', 'long-polling']],
  ['only short answers', { upgrade: 'stripped', longest: 1_000 }, ['sse', 'long-polling', 'polling']],
  ['silence is cut', { idle: 3_000 }, ['websocket']],
  ['no Upgrade, and silence is cut', { upgrade: 'stripped', idle: 3_000 }, ['sse']],
];

for (const [name, obstacles, expected] of WAYS) {
  timed(`${name}: ${expected.at(-1)}, and all comes once and in order`, async () => {
    Object.assign(server.obstacles, obstacles);
    const lobby = begin();
    await talk(lobby, 20);
    await pass(8_000);
    await talk(lobby, 20);
    await pass(15_000);
    assertWhole(80);
    assert.deepEqual([...new Set(moves)], expected);
    assert.equal(parley.transport, expected.at(-1));
    assert.equal(parley.unacknowledged, 0);
  });
}

for (const name of ['websocket', 'sse', 'long-polling', 'polling']) {
  timed(`only ${name}, since it was told so`, async () => {
    const lobby = begin({ transports: [name] });
    await talk(lobby, 5);
    await pass(6_000);
    assertWhole(10);
    assert.deepEqual(moves, [name]);
    assert.equal(server.sockets, name === 'websocket' ? 1 : 0);
    assert.equal(server.count('events') > 0, name === 'sse');
    assert.equal(server.count('messages') > 0, name.endsWith('polling'));
  });
}

test('a transport that there is none of is told', () => {
  assert.throws(() => new Parley('http://127.0.0.1/channels', { transports: ['pigeon'] }),
    { name: 'TypeError', message: /pigeon/ });
});

timed('silence that is cut is broken in time', async () => {
  server.obstacles.idle = 3_000;
  begin();
  await pass(15_000);
  const { sockets } = server;
  assert.ok(sockets > 1);
  await pass(60_000);
  assert.equal(server.sockets, sockets);
});

timed('a server that is away is no reason to go down', async () => {
  const lobby = begin();
  await pass(6_000);
  server.obstacles.away = true;
  globalThis.dispatchEvent ??= () => {};
  parley.rename('Bob');
  await pass(20_000);
  assert.notEqual(parley.state, 'open');
  server.obstacles.away = false;
  await pass(40_000);
  await talk(lobby, 3);
  await pass(100);
  assert.equal(parley.transport, 'websocket');
  assertWhole(6);
});

timed('it goes up again when the way is free, and nothing stops for it', async () => {
  server.obstacles.upgrade = 'stripped';
  const lobby = begin();
  await talk(lobby, 5);
  assert.equal(parley.transport, 'sse');
  server.obstacles.upgrade = undefined;
  const closes = [];
  parley.onclose = event => closes.push(event.reason);
  await talk(lobby, 250);
  await pass(1_000);
  assert.deepEqual(moves, ['sse', 'websocket']);
  assert.deepEqual(closes, []);
  assertWhole(510);
});

timed('what carries nothing when it is tried again changes nothing', async () => {
  server.obstacles = { upgrade: 'mute', buffers: true };
  const lobby = begin();
  await pass(12_000);
  assert.equal(parley.transport, 'long-polling');
  moves = [];
  await talk(lobby, 400, 200);
  await pass(2_000);
  assert.deepEqual(moves, []);
  assert.ok(server.sockets > 2);
  assertWhole(800);
});

function storeInMemory() {
  const stored = new Map();
  globalThis.localStorage = {
    getItem: key => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
    removeItem: key => stored.delete(key),
  };
}

timed('what worked for a client of one transport is not tried first by one of all', async () => {
  storeInMemory();
  begin({ transports: ['polling'] });
  await pass(6_000);
  parley.close();
  begin();
  await pass(1_000);
  assert.equal(parley.transport, 'websocket');
});

timed('all requests and sockets are made by those that the options have', async () => {
  const [browsers, sockets] = [globalThis.fetch, globalThis.WebSocket];
  const own = [];
  const options = {
    fetch: (url, request) => {
      own.push(url.pathname);
      return browsers(url, request);
    },
    WebSocket: class extends sockets {
      constructor(url, protocol) {
        super(url, protocol);
        own.push(protocol);
      }
    },
  };
  globalThis.fetch = globalThis.WebSocket = () => assert.fail('the browser\'s own');
  for (const name of ['websocket', 'sse', 'long-polling', 'polling']) {
    own.length = came.length = 0;
    const before = server.log(LOBBY).length;
    const lobby = begin({ transports: [name], ...options });
    lobby.publish(name);
    await pass(6_000);
    assert.equal(server.log(LOBBY).length, before + 1);
    assert.equal(came.at(-1), name);
    parley.close();
    assert.ok(own.length > 0, name);
    assert.equal(own.includes('v1.parley'), name === 'websocket');
    assert.equal(own.includes('/parley/api/connection'), name !== 'websocket');
  }
});

timed('what worked is tried first the next time, for a while', async () => {
  storeInMemory();
  server.obstacles.upgrade = 'stripped';
  begin();
  await pass(6_000);
  parley.close();
  assert.equal(server.sockets, 1);
  begin();
  await pass(1_000);
  assert.equal(parley.transport, 'sse');
  assert.equal(server.sockets, 1);
  parley.close();
  await pass(3_600_000, 60_000);
  begin();
  await pass(1_000);
  assert.equal(server.sockets, 2);
});

timed('a publish whose answer is lost is repeated with its key, and those behind it wait', async () => {
  server.obstacles.losesAnswers = 1;
  const lobby = begin({ transports: ['polling'] });
  await pass(100);
  const published = Promise.all([lobby.publish('one'), lobby.publish('two')]);
  await pass(45_000);
  assert.deepEqual(await published, ['e:1', 'e:2']);
  assert.deepEqual(came, ['one', 'two']);
  const posts = server.asked.filter(({ method }) => method === 'POST').map(({ body }) => body.text());
  assert.deepEqual((await Promise.all(posts)).map(text => JSON.parse(text)), ['one', 'one', 'two']);
});

timed('many publishes of a channel at once do not overtake each other, and other channels do not wait', async () => {
  const lobby = begin({ transports: ['long-polling'], publishesUnderWay: 16 });
  await pass(100);
  let slowest = 200;
  server.obstacles.takes = () => (slowest -= 10);
  const numbers = Array.from({ length: 12 }, (_, number) => number);
  numbers.forEach(number => lobby.publish(number));
  const other = parley.channel('chat.other').publish('meanwhile');
  await pass(400);
  assert.equal(await other, 'e:1');
  assert.ok(server.log(LOBBY).length < 12);
  await pass(3_000);
  assert.deepEqual(came, numbers);
});

timed('one request for all channels, and a further one begins it anew', async () => {
  begin({ transports: ['sse'] });
  await pass(100);
  server.publish(LOBBY, 'one');
  server.publish(LOBBY, 'two');
  await pass(100);
  parley.channel('chat.other');
  parley.channel('typing.other');
  await pass(100);
  const reads = server.asked.filter(({ path }) => path === 'events').map(({ url }) => url.searchParams);
  assert.deepEqual(reads.map(query => query.getAll('channel')), [[LOBBY], [LOBBY, 'chat.other', 'typing.other']]);
  assert.deepEqual(reads[0].getAll('history'), ['50']);
  assert.deepEqual(reads[1].getAll('after'), ['e:2', '', '']);
  assert.deepEqual(came, ['one', 'two']);
});

timed('a server that cannot read just now is asked again', async () => {
  server.refusal = 'unavailable';
  const lobby = begin({ transports: ['sse'] });
  await pass(5_000);
  assert.equal(lobby.state, 'joining');
  server.refusal = null;
  await talk(lobby, 2);
  await pass(12_000);
  assertWhole(4);
});

timed('a token that has expired is had anew', async () => {
  const tokens = [];
  begin({ transports: ['long-polling'], token: () => `token-${tokens.push('')}` });
  await pass(100);
  server.refusal = 'token-expired';
  await pass(20_000);
  server.refusal = null;
  await pass(40_000);
  assert.equal(parley.state, 'open');
  const shown = server.asked.filter(({ path }) => path === 'messages').map(({ headers }) => headers.Authorization);
  assert.equal(shown[0], 'Bearer token-1');
  assert.equal(shown.at(-1), `Bearer token-${tokens.length}`);
  assert.ok(server.asked.every(({ url }) => !url.href.includes('token')));
});

timed('who is the same guest on each transport', async () => {
  server.obstacles.upgrade = 'stripped';
  begin();
  await pass(100);
  assert.equal(parley.secret, 'secret-1');
  const [{ headers }] = server.asked.filter(({ path }) => path === 'events');
  assert.match(headers['Parley-Connection'], /^secret-1\.[a-zA-Z0-9_-]{1,16}$/);
  assert.equal(headers['Parley-Name'], 'Ann');
});

timed('a page that nobody sees asks seldom, then rests, and reads on when it is seen', async () => {
  const page = Object.assign(new EventTarget(), { hidden: false, baseURI: 'http://127.0.0.1/' });
  globalThis.document = page;
  const lobby = begin({ transports: ['polling'] });
  await pass(10_000);
  const seen = server.count('messages');
  page.hidden = true;
  await pass(60_000);
  const unseen = server.count('messages') - seen;
  assert.ok(unseen >= 4 && unseen <= 8, `${unseen} polls in a minute`);
  await pass(600_000, 500);
  const rested = server.asked.length;
  await pass(60_000, 500);
  assert.equal(server.asked.length, rested);
  await talk(lobby, 1);
  server.publish(LOBBY, 'theirs 9');
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await pass(200);
  assert.equal(parley.state, 'open');
  assertWhole(3);
});

/** A browser's windows, or workers, which hear each other late: each is busy with something else. */
async function together(body) {
  const LATE = 90;
  const channels = new Set();
  const { BroadcastChannel } = globalThis;
  globalThis.BroadcastChannel = class {
    constructor() {
      channels.add(this);
    }
    postMessage(data) {
      channels.forEach(other => other !== this && setTimeout(() => other.onmessage({ data }), LATE));
    }
    close() {
      channels.delete(this);
    }
  };
  server.obstacles.upgrade = 'stripped';
  const windows = [];
  const open = async () => {
    const number = windows.length;
    const one = new Parley('http://127.0.0.1/parley/channels');
    one.channel(LOBBY).onmessage = () => came.push(number);
    windows.push(one);
    await pass(400);
    return one;
  };
  try {
    await body(windows, open);
  } finally {
    windows.forEach(one => one.close());
    globalThis.BroadcastChannel = BroadcastChannel;
    delete globalThis.WorkerGlobalScope;
  }
}

const asPage = () => (globalThis.document = Object.assign(new EventTarget(), { hidden: false, baseURI: 'http://127.0.0.1/' }));
const asWorker = () => (globalThis.WorkerGlobalScope = class {});

for (const [what, install] of [['windows', asPage], ['workers', asWorker]]) {
  timed(`the ${what} of a browser leave each other connections`, () => together(async (windows, open) => {
    install();
    for (let number = 0; number < 7; number++) {
      await open();
    }
    const carried = windows.map(({ transport }) => transport);
    assert.deepEqual(carried, ['sse', 'sse', 'sse', 'sse', 'polling', 'polling', 'polling']);
    server.publish(LOBBY, 'to all');
    await pass(6_000);
    assert.deepEqual(came.toSorted(), [0, 1, 2, 3, 4, 5, 6]);
    windows[0].close();
    await pass(60_000);
    assert.equal(windows.filter(({ transport }) => transport === 'sse').length, 5);
  }));
}

timed('over HTTP/2 all windows have a stream', t => together(async (windows, open) => {
  asPage();
  const entries = { navigation: [], resource: [{ name: 'http://127.0.0.1/parley/api/connection', nextHopProtocol: 'h2' }] };
  t.mock.method(performance, 'getEntriesByType', type => entries[type] ?? []);
  for (let number = 0; number < 7; number++) {
    await open();
  }
  assert.ok(windows.every(({ transport }) => transport === 'sse'));
}));

timed('a window counts each request that waits, and says so when there are too many', () => together(async (windows, open) => {
  asPage();
  const one = await open();
  const names = Array.from({ length: 70 }, (_, number) => `room.${number}`);
  names.forEach(name => one.channel(name));
  await pass(400);
  assert.equal(one.transport, 'sse');
  const other = await open();
  assert.equal(other.transport, 'sse');
  const third = await open();
  assert.equal(third.transport, 'polling');
  Array.from({ length: 70 }, (_, number) => `more.${number}`).forEach(name => one.channel(name));
  await pass(1_000);
  assert.equal(one.transport, 'polling');
}));

for (const name of ['sse', 'long-polling']) {
  timed(`very many channels are read as they come over ${name}, by several requests`, async () => {
    parley = new Parley('http://127.0.0.1/parley/channels', { transports: [name] });
    const names = Array.from({ length: 70 }, (_, number) => `room.${number}`);
    names.forEach(channel => (parley.channel(channel).onmessage = ({ data }) => came.push(data)));
    await pass(1_000);
    for (let round = 0; round < 3; round++) {
      came = [];
      names.forEach(channel => server.publish(channel, `${channel} ${round}`));
      await pass(200);
      assert.deepEqual(came.toSorted(), names.map(channel => `${channel} ${round}`).toSorted());
    }
    assert.equal(parley.transport, name);
  });
}

timed('a proxy that buffers streams and starts again is known as one', async () => {
  server.obstacles = { upgrade: 'stripped', buffers: true };
  const lobby = begin();
  await pass(20_000);
  assert.equal(parley.transport, 'long-polling');
  moves = [];
  server.obstacles.away = true;
  await pass(60_000);
  assert.notEqual(parley.state, 'open');
  server.obstacles.away = false;
  parley.retry();
  await pass(1_000);
  assert.equal(parley.transport, 'long-polling');
  assert.equal(parley.state, 'open');
  came = [];
  server.publish(LOBBY, 'at once');
  await pass(100);
  assert.deepEqual(came, ['at once']);
  await talk(lobby, 3);
  assert.deepEqual(moves, []);
});
