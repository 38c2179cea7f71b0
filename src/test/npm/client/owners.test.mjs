import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import '../../../main/webapp/client/earlier.js';
import { Parley } from '../../../main/webapp/client/parley.js';
import { FakeTransport, message, settled } from './fakes.mjs';

let parley;

beforeEach(() => (parley = new Parley('http://127.0.0.1/parley/channels', { transport: FakeTransport.factory })));

afterEach(() => parley.close());

function owner(start) {
  const heard = [];
  const subscription = parley.subscribe('chat.lobby', start);
  subscription.onmessage = event => heard.push(event.message.position);
  subscription.onlost = ({ after, before }) => heard.push(`lost ${after} ${before}`);
  return { subscription, heard };
}

test('two owners of a channel share one subscription, and each has an end of its own', async () => {
  const one = owner();
  const other = owner();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  assert.equal(FakeTransport.last.commands('subscribe').length, 1);
  await FakeTransport.last.push(message(1));
  one.subscription.close();
  one.subscription.close();
  await FakeTransport.last.push(message(2));
  assert.deepEqual([one.heard, other.heard], [['e:1'], ['e:1', 'e:2']]);
  assert.deepEqual([one.subscription.state, other.subscription.state], ['closed', 'live']);
  assert.equal(FakeTransport.last.command('unsubscribe'), undefined);
  other.subscription.close();
  assert.deepEqual(FakeTransport.last.command('unsubscribe').unsubscribe, { channel: 'chat.lobby' });
});

test('owners do not end a channel that somebody holds by itself', async () => {
  const heard = [];
  const one = owner();
  parley.channel('chat.lobby').onmessage = event => heard.push(event.message.position);
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  one.subscription.close();
  await FakeTransport.last.push(message(1));
  assert.deepEqual(heard, ['e:1']);
});

test('whoever comes after the last has ended begins anew', async () => {
  owner().subscription.close();
  const later = owner({ history: 5 });
  await FakeTransport.last.open();
  assert.deepEqual(FakeTransport.last.command('subscribe').subscribe, [{ channel: 'chat.lobby', history: 5 }]);
  await FakeTransport.last.subscribe('e:0', 'e:1');
  await FakeTransport.last.push(message(1));
  assert.deepEqual(later.heard, ['e:1']);
});

async function asked(name, count = 1) {
  while (FakeTransport.last.commands(name).length < count) {
    await settled();
  }
}

const answer = (messages, more) => FakeTransport.last.reply('history', 'history', { channel: 'chat.lobby', messages, more });

test('who comes later has what was said before, and then what is said: once and in order', async () => {
  const one = owner();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push(message(1), message(2));
  const later = owner({ history: 50 });
  await asked('history');
  await FakeTransport.last.push(message(3), message(4));
  await answer([message(1), message(2), message(3)], false);
  await FakeTransport.last.push(message(5));
  assert.deepEqual(later.heard, ['e:1', 'e:2', 'e:3', 'e:4', 'e:5']);
  assert.deepEqual(one.heard, ['e:1', 'e:2', 'e:3', 'e:4', 'e:5']);
});

test('who comes later and goes on after a position has all since then, or is told what is gone', async () => {
  owner();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:9', 'e:9');
  const later = owner({ after: 'e:3' });
  await asked('history');
  await answer([message(8), message(9)], true);
  await asked('history', 2);
  assert.equal(FakeTransport.last.command('history').history.before, 'e:8');
  await answer([message(6), message(7)], false);
  assert.deepEqual(later.heard, ['lost e:3 e:6', 'e:6', 'e:7', 'e:8', 'e:9']);

  const known = owner({ after: 'e:7' });
  await asked('history', 3);
  await answer([message(7), message(8), message(9)], true);
  assert.deepEqual(known.heard, ['e:8', 'e:9']);
});

test('what was said before is read again when the connection ends meanwhile', async () => {
  owner();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:2', 'e:2');
  const later = owner({ history: 50 });
  await asked('history');
  await FakeTransport.last.drop();
  parley.retry();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:2', 'e:3');
  await FakeTransport.last.push(message(3));
  await asked('history');
  await answer([message(1), message(2), message(3)], false);
  assert.deepEqual(later.heard, ['e:1', 'e:2', 'e:3']);
});

test('who may not read what was said before is told, and hears what is said', async () => {
  owner();
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:2', 'e:2');
  const later = owner({ history: 50 });
  later.subscription.onerror = ({ error }) => later.heard.push(error.name);
  await asked('history');
  await FakeTransport.last.push(message(3));
  await FakeTransport.last.reply('history', 'error', { code: 403, name: 'not-allowed', message: '', retry: false });
  assert.deepEqual(later.heard, ['not-allowed', 'e:3']);
});
