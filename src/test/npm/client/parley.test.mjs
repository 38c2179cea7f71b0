import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Parley } from '../../../main/webapp/client/parley.js';
import { FakeTransport, message, settled } from './fakes.mjs';

let parley;
let heard;

beforeEach(() => {
  heard = [];
  parley = new Parley('http://127.0.0.1/parley/channels', { name: 'Ann', transport: FakeTransport.factory });
});

afterEach(() => parley.close());

function lobby(start = { history: 50 }) {
  const channel = parley.channel('chat.lobby', start);
  channel.onmessage = event => heard.push(event.message.position);
  channel.onlost = event => heard.push(`lost ${event.after} ${event.before}`);
  return channel;
}

/** With several publishes of a channel under way at once. */
function several() {
  parley.close();
  parley = new Parley('http://127.0.0.1/parley/channels', { transport: FakeTransport.factory, publishesUnderWay: 100 });
}

async function again() {
  parley.retry();
  await FakeTransport.last.open();
}

test('it says who it is before anything else, and is the same guest each time', async () => {
  const opened = [];
  parley.onopen = () => opened.push(parley.user);
  FakeTransport.last.listener.opened();
  await settled();
  assert.deepEqual(FakeTransport.last.sent.map(({ connect }) => connect), [{ name: 'Ann' }]);
  await FakeTransport.last.reply('connect', 'connected', { connection: 'c', user: 'guest-1', secret: 's' });
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.command('connect').connect, { name: 'Ann', secret: 's' });
  assert.deepEqual(opened, ['guest-1', 'guest-1']);
});

test('it resumes after the last message that came, in mid-history too', async () => {
  const channel = lobby();
  await FakeTransport.last.open();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', history: 50 }]);
  await FakeTransport.last.subscribe('e:0', 'e:3');
  assert.equal(channel.state, 'catching-up');
  await FakeTransport.last.push(message(1), message(2));
  await FakeTransport.last.drop();
  assert.equal(channel.state, 'waiting');
  await again();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', after: 'e:2' }]);
  await FakeTransport.last.subscribe('e:2', 'e:3');
  await FakeTransport.last.push(message(3));
  assert.equal(channel.state, 'live');
  assert.deepEqual(heard, ['e:1', 'e:2', 'e:3']);
});

test('it resumes many channels by commands that the server takes', async () => {
  const names = Array.from({ length: 1_100 }, (_, index) => `a.${index}`);
  const channels = names.map(name => parley.channel(name));
  await FakeTransport.last.open();
  const commands = FakeTransport.last.commands('subscribe');
  assert.ok(commands.every(({ subscribe }) => subscribe.length <= 512));
  assert.deepEqual(commands.flatMap(({ subscribe }) => subscribe.map(({ channel }) => channel)), names);
  for (const { id, subscribe } of commands) {
    const subscribed = subscribe.map(({ channel }) => ({ channel, position: 'e:0', head: 'e:0', recovered: true }));
    await FakeTransport.last.push({ id, subscribed });
  }
  assert.ok(channels.every(({ state }) => state === 'live'));
});

test('it resumes from where it stood when nothing has come at all', async () => {
  lobby();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:7', 'e:7');
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', after: 'e:7' }]);
});

test('a message that came already is dropped', async () => {
  lobby();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push(message(1), message(2), message(2), message(1), message(3));
  assert.deepEqual(heard, ['e:1', 'e:2', 'e:3']);
});

test('what cannot be read is told in its place, and what follows it comes', async () => {
  const channel = lobby();
  channel.onunreadable = event => heard.push(`unreadable ${event.channel} ${event.position}`);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push(message(1), { channel: 'chat.lobby', position: 'e:2', unreadable: true }, message(3));
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', after: 'e:3' }]);
  assert.deepEqual(heard, ['e:1', 'unreadable chat.lobby e:2', 'e:3']);
});

test('what is gone is told in its place', async () => {
  lobby({ after: 'e:1' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:4', 'e:5', { recovered: false, lost: { after: 'e:1', before: 'e:5' } });
  await FakeTransport.last.push(message(5), { channel: 'chat.lobby', lost: { after: 'e:5', before: 'e:8' } }, message(8));
  assert.deepEqual(heard, ['lost e:1 e:5', 'e:5', 'lost e:5 e:8', 'e:8']);
});

test('a log begun anew is told, and all that it holds is new', async () => {
  lobby({ after: 'e:9' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('f:0', 'f:1', { recovered: false });
  await FakeTransport.last.push(message(1, 'new', 'f'));
  assert.deepEqual(heard, ['lost null null', 'f:1']);
});

const ANCESTORS = [['e', 10]];
const FORGOTTEN = { after: 'e:10', before: 'e:21' };

function lobbyThatForgets(start) {
  const channel = lobby(start);
  channel.onforgotten = event => heard.push(`forgotten ${event.after} ${event.before}`);
  return channel;
}

test('what the log has forgotten is told once, and it goes on where the log left off', async () => {
  const channel = lobbyThatForgets({ after: 'e:18' });
  const all = [];
  parley.onforgotten = ({ channel: name, after, before }) => all.push([name, after, before]);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:18', 'e:20');
  await FakeTransport.last.push(message(19), message(20), { channel: 'chat.lobby', forgotten: FORGOTTEN, ancestors: [] });
  assert.equal(channel.position, 'e:10');
  assert.equal(channel.state, 'live');
  await FakeTransport.last.push(message(11, 'other', 'f'), message(10), message(12, 'more', 'f'));
  assert.deepEqual(heard, ['e:19', 'e:20', 'forgotten e:10 e:21', 'f:11', 'f:12']);
  assert.deepEqual(all, [['chat.lobby', 'e:10', 'e:21']]);
  assert.deepEqual(channel.lineage, { e: 10, f: Infinity });
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', after: 'f:12' }]);
});

test('it resumes before what was forgotten, also when nothing was published since', async () => {
  const channel = lobbyThatForgets({ after: 'e:20' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:15', 'e:20');
  await FakeTransport.last.push({ channel: 'chat.lobby', forgotten: { after: 'e:10', before: 'e:16' }, ancestors: [] });
  assert.equal(channel.state, 'live', 'there is nothing left to catch up with');
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', after: 'e:10' }]);
  await FakeTransport.last.subscribe('e:10', 'e:10');
  await FakeTransport.last.push(message(11, 'other', 'f'));
  assert.deepEqual(heard, ['forgotten e:10 e:16', 'f:11']);
});

test('who comes back beyond a branch is told what is forgotten, and nothing else', async () => {
  const channel = lobbyThatForgets({ after: 'e:20' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:10', 'f:12', { recovered: false, forgotten: FORGOTTEN, ancestors: ANCESTORS });
  await FakeTransport.last.push(message(11, 'other', 'f'), message(12, 'more', 'f'));
  assert.deepEqual(heard, ['forgotten e:10 e:21', 'f:11', 'f:12']);
  assert.equal(channel.state, 'live');
});

test('a stream that starts late says again what a poll beside it has said, and nothing comes twice', async () => {
  const channel = lobbyThatForgets({ after: 'e:20' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:10', 'f:12', { recovered: false, forgotten: FORGOTTEN, ancestors: ANCESTORS });
  await FakeTransport.last.push(message(11, 'other', 'f'), message(12, 'more', 'f'));
  await FakeTransport.last.push(
    { channel: 'chat.lobby', lost: false, forgotten: FORGOTTEN, ancestors: ANCESTORS },
    message(11, 'other', 'f'), message(12, 'more', 'f'), message(13, 'new', 'f'));
  assert.deepEqual(heard.filter(one => one.startsWith('f:')), ['f:11', 'f:12', 'f:13']);
  await FakeTransport.last.push(
    { channel: 'chat.lobby', lost: { after: 'e:10', before: 'f:12' }, forgotten: FORGOTTEN, ancestors: ANCESTORS },
    message(12, 'more', 'f'), message(13, 'new', 'f'), message(14, 'last', 'f'));
  assert.deepEqual(heard.filter(one => one.startsWith('f:')), ['f:11', 'f:12', 'f:13', 'f:14']);
  assert.equal(channel.position, 'f:14');
});

test('what retention has passed since is told besides', async () => {
  lobbyThatForgets({ after: 'e:20' });
  await FakeTransport.last.open();
  const lost = { after: 'e:10', before: 'f:14' };
  const more = { recovered: false, forgotten: FORGOTTEN, lost, ancestors: ANCESTORS };
  await FakeTransport.last.subscribe('f:13', 'f:14', more);
  await FakeTransport.last.push(message(14, 'other', 'f'));
  assert.deepEqual(heard, ['forgotten e:10 e:21', 'lost e:10 f:14', 'f:14']);
});

test('who stood before the branch goes on over it as if nothing had been', async () => {
  const channel = lobbyThatForgets({ after: 'e:8' });
  const recovered = [];
  channel.onrecovered = ({ messages }) => recovered.push(messages);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:8', 'e:8');
  await FakeTransport.last.drop();
  await again();
  await FakeTransport.last.subscribe('e:8', 'f:12', { ancestors: ANCESTORS });
  await FakeTransport.last.push(message(9), message(10), message(11, 'other', 'f'), message(12, 'more', 'f'));
  await FakeTransport.last.push(message(10), message(9), message(12, 'more', 'f'));
  assert.deepEqual(heard, ['e:9', 'e:10', 'f:11', 'f:12']);
  assert.deepEqual(recovered, [4]);
});

test('a connected channel goes on over a branch without a notice', async () => {
  const channel = lobbyThatForgets({ after: 'e:10' });
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:10', 'e:10');
  await FakeTransport.last.push(message(11, 'other', 'f'), message(10), message(12, 'more', 'f'));
  assert.deepEqual(heard, ['f:11', 'f:12']);
  assert.deepEqual(channel.lineage, { e: 10, f: Infinity });
});

test('a publish is repeated with its key until it is acknowledged', async () => {
  const channel = lobby();
  let position = null;
  channel.publish({ text: 'hi' }).then(at => (position = at));
  await FakeTransport.last.open();
  const first = FakeTransport.last.command('publish').publish;
  await FakeTransport.last.drop();
  await again();
  assert.equal(position, null);
  assert.deepEqual(FakeTransport.last.command('publish').publish, first);
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:1' });
  assert.equal(position, 'e:1');
  await FakeTransport.last.drop();
  await again();
  assert.deepEqual(FakeTransport.last.commands('publish'), []);
});

test('publishes go out after the subscription, in order, and no more at once than the server takes', async () => {
  several();
  const channel = lobby();
  for (let i = 0; i < 100; i++) {
    channel.publish({ text: `${i}` }).catch(() => {});
  }
  await FakeTransport.last.open();
  const names = FakeTransport.last.sent.map(({ id, ...command }) => Object.keys(command)[0]);
  assert.deepEqual(names.slice(0, 3), ['connect', 'subscribe', 'publish']);
  const published = FakeTransport.last.commands('publish');
  assert.deepEqual(published.map(({ publish }) => publish.data.text), Array.from({ length: 64 }, (_, i) => `${i}`));
  await FakeTransport.last.push({ id: published[0].id, published: { channel: 'chat.lobby', position: 'e:1' } });
  assert.equal(FakeTransport.last.command('publish').publish.data.text, '64');
});

test('what the server will never take fails, with the reason', async () => {
  const channel = lobby();
  await FakeTransport.last.open();
  const refused = assert.rejects(channel.publish({ text: '' }), { name: 'rejected', code: 422, retry: false });
  await FakeTransport.last.reply('publish', 'error', { code: 422, name: 'rejected', message: 'No.', retry: false });
  await refused;
  assert.equal(parley.unacknowledged, 0);
});

test('what the server cannot take just now is tried again', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const channel = lobby();
  await FakeTransport.last.open();
  const published = channel.publish({ text: 'hi' });
  await FakeTransport.last.reply('publish', 'error', { code: 503, name: 'unavailable', message: 'No.', retry: true });
  assert.equal(FakeTransport.last.commands('publish').length, 1);
  t.mock.timers.tick(1_000);
  assert.equal(FakeTransport.last.commands('publish').length, 2);
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:1' });
  assert.equal(await published, 'e:1');
});

test('it comes back by itself, and says when', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const closings = [];
  parley.onclose = ({ reconnect, retryAt }) => closings.push({ reconnect, soon: retryAt - Date.now() <= 500 });
  await FakeTransport.last.open();
  const before = FakeTransport.last;
  await before.drop();
  assert.equal(parley.state, 'waiting');
  assert.deepEqual(closings, [{ reconnect: true, soon: true }]);
  t.mock.timers.tick(500);
  assert.notEqual(FakeTransport.last, before);
});

test('it does not come back where the server says so', async () => {
  const channel = lobby();
  await FakeTransport.last.open();
  const failed = assert.rejects(channel.publish({ text: 'hi' }), { name: 'bad-credentials' });
  await FakeTransport.last.push({ disconnect: { code: 4101, name: 'bad-credentials', reconnect: false } });
  await FakeTransport.last.drop(4101);
  await failed;
  assert.equal(parley.state, 'closed');
  await assert.rejects(channel.publish({ text: 'hi' }), { name: 'closed' });
});

test('a message that is too large for a connection fails alone', async () => {
  several();
  const channel = lobby();
  await FakeTransport.last.open();
  const small = channel.publish({ text: 'small' });
  const refused = assert.rejects(channel.publish({ text: 'large'.repeat(100) }), { name: 'too-large' });
  await FakeTransport.last.push({ disconnect: { code: 1009, name: 'too-large', reconnect: false } });
  await FakeTransport.last.drop(1009);
  await refused;
  assert.equal(parley.state, 'waiting');
  await again();
  assert.deepEqual(FakeTransport.last.commands('publish').map(({ publish }) => publish.data.text), ['small']);
  await FakeTransport.last.reply('publish', 'published', { channel: 'chat.lobby', position: 'e:1' });
  assert.equal(await small, 'e:1');
});

test('a peer that has fallen silent is left', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await FakeTransport.last.open();
  const before = FakeTransport.last;
  t.mock.timers.tick(25_000);
  assert.deepEqual(before.command('ping').ping, {});
  t.mock.timers.tick(10_000);
  assert.ok(before.closed);
  assert.equal(parley.state, 'waiting');
});

test('another name makes a new connection, and nothing is missed', async () => {
  lobby();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push(message(1));
  const before = FakeTransport.last;
  parley.rename('Anna');
  assert.ok(before.closed);
  await before.push(message(2));
  await FakeTransport.last.open();
  assert.equal(FakeTransport.last.command('connect').connect.name, 'Anna');
  await FakeTransport.last.subscribe('e:1', 'e:2');
  await FakeTransport.last.push(message(2));
  assert.deepEqual(heard, ['e:1', 'e:2']);
});

test('what an earlier subscription still sends is not taken for the next one', async () => {
  lobby().close();
  heard = [];
  await FakeTransport.last.open();
  const first = lobby();
  await FakeTransport.last.subscribe('e:0', 'e:2');
  first.close();
  lobby();
  await FakeTransport.last.push(message(1), message(2));
  assert.deepEqual(heard, []);
  await FakeTransport.last.subscribe('e:0', 'e:2');
  await FakeTransport.last.push(message(1), message(2));
  assert.deepEqual(heard, ['e:1', 'e:2']);
});

test('a subscription that was ended tells why, and is over', async () => {
  const channel = lobby();
  const errors = [];
  channel.onerror = ({ error }) => errors.push(error.name);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push({ channel: 'chat.lobby', unsubscribed: { code: 403, name: 'not-allowed', message: '', retry: false } });
  assert.equal(channel.state, 'closed');
  assert.deepEqual(errors, ['not-allowed']);
});

test('a message of bytes has them as a blob, or the address where they are', async () => {
  const messages = [];
  lobby().onmessage = event => messages.push(event.message);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  const { data, ...record } = message(1);
  await FakeTransport.last.push({ ...record, type: 'image/png', size: 2, bytes: new Uint8Array([1, 2]) });
  await FakeTransport.last.push({ ...record, position: 'e:2', type: 'image/png', size: 9, content: 'api/channels/chat.lobby/messages/e:2/content' });
  assert.equal(messages[0].data.type, 'image/png');
  assert.deepEqual([...new Uint8Array(await (await messages[0].blob()).arrayBuffer())], [1, 2]);
  assert.equal(messages[1].url, 'http://127.0.0.1/parley/api/channels/chat.lobby/messages/e:2/content');
});

test('the bytes that did not come along are fetched, and what is no message of bytes has none', async t => {
  const messages = [];
  lobby().onmessage = event => messages.push(event.message);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  const { data, ...record } = message(1);
  const content = 'api/channels/chat.lobby/messages/e:1/content';
  await FakeTransport.last.push({ ...record, type: 'image/png', size: 3, content }, message(2));

  const asked = [];
  const shown = [];
  let answer = () => new Response(new Uint8Array([7, 8, 9]), { headers: { 'Content-Type': 'image/png' } });
  t.mock.method(globalThis, 'fetch', async (url, { headers }) => {
    asked.push(String(url));
    shown.push(headers['Parley-Connection']?.split('.')[0]);
    return answer();
  });
  const [large, text] = messages;
  assert.equal(large.data, null);
  assert.equal(large.size, 3);
  const blob = await large.blob();
  assert.equal(blob.type, 'image/png');
  assert.deepEqual([...new Uint8Array(await blob.arrayBuffer())], [7, 8, 9]);
  assert.deepEqual(asked, [`http://127.0.0.1/parley/${content}`]);

  answer = () => new Response('gone', { status: 404 });
  await assert.rejects(large.blob(), { code: 404 });
  answer = () => Promise.reject(new TypeError('Failed to fetch'));
  await assert.rejects(large.blob(), { name: 'TypeError', message: 'Failed to fetch' });
  await assert.rejects(text.blob(), { name: 'TypeError', message: 'This message has no bytes.' });
  assert.equal(asked.length, 3);
  assert.deepEqual(shown, ['secret-1', 'secret-1', 'secret-1'], 'as the guest that this client is');
});

test('json that was too large to come along is fetched', async t => {
  const messages = [];
  lobby().onmessage = event => messages.push(event.message);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  const { data, ...record } = message(1);
  const content = 'api/channels/chat.lobby/messages/e:1/content';
  await FakeTransport.last.push({ ...record, type: 'application/json', size: 70_000, content }, message(2));
  t.mock.method(globalThis, 'fetch', async () => new Response(JSON.stringify({ text: 'long' })));
  const [large, small] = messages;
  assert.equal(large.data, null);
  assert.deepEqual(await large.json(), { text: 'long' });
  assert.deepEqual(await small.json(), { text: 'm2' });
});

test('joins and leaves are taken from the snapshot on, whatever comes first', async () => {
  const { presence } = lobby();
  const news = [];
  presence.onjoin = ({ member }) => news.push(`+${member.user}`);
  presence.onleave = ({ member }) => news.push(`-${member.user}`);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  const join = (user, offset) => ({ channel: 'chat.lobby', join: { user }, presence: `p:${offset}` });
  const leave = (user, offset) => ({ channel: 'chat.lobby', leave: { user }, presence: `p:${offset}` });
  await FakeTransport.last.push(join('a', 1), leave('a', 2), join('b', 3), join('c', 4));
  await FakeTransport.last.reply('presence', 'presence', { channel: 'chat.lobby', position: 'p:3', count: 1, members: [{ user: 'b' }] });
  await FakeTransport.last.push(leave('b', 5));
  assert.deepEqual(news, ['+c', '-b']);
  assert.deepEqual(presence.members, [{ user: 'c' }]);
  assert.equal(presence.count, 1);
  await settled();
});
