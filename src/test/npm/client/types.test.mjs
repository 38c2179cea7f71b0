import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as parley from '../../../main/webapp/client/parley.js';
import * as position from '../../../main/webapp/client/position.js';

// The types are written by hand, so that they show what is meant to be used; here is what keeps them true.

const TYPES = new URL('../../../main/webapp/client/types/', import.meta.url);
/** What modules of the client call of each other, and of what a user sees. */
const INTERNAL = {
  Parley: ['enter'],
  Channel: ['enter', 'start', 'subscribed', 'interrupted', 'pushed', 'share', 'unshare', 'dispatchEvent'],
  Subscription: ['take'],
  Presence: ['start', 'stop', 'pushed', 'replace'],
};

const text = await readFile(new URL('parley.d.ts', TYPES), 'utf8');

/** A class with its declared members, also those of the declared class that it extends. */
function declared(name) {
  const [, parent, body] = new RegExp(`class ${name}\\b[^\\n]*?(?: extends (\\w+)[^\\n]*)? \\{\\n([\\s\\S]*?)\\n\\}`).exec(text);
  const own = [...body.matchAll(/^  (?:readonly |get )?(\w+)(?=[<(:?])/gm)].map(([, member]) => member);
  const inherited = text.includes(`class ${parent}`) ? declared(parent) : [];
  return [...new Set([...own, ...inherited])].filter(member => !['constructor', 'private', 'protected'].includes(member));
}

const samples = {
  Parley: () => new parley.Parley('http://127.0.0.1/channels', { autoConnect: false }),
  Channel: () => samples.Parley().channel('a'),
  Subscription: () => samples.Parley().subscribe('a'),
  Presence: () => samples.Channel().presence,
  Message: () => new parley.Message({ channel: 'a', position: 'e:1', from: {}, at: 0 }, new URL('http://127.0.0.1/'), null),
  ParleyMessageEvent: () => new parley.ParleyMessageEvent(samples.Message()),
  ParleyCloseEvent: () => new parley.ParleyCloseEvent({ code: 1, name: '', reconnect: true }, null),
  ParleyErrorEvent: () => new parley.ParleyErrorEvent(new Error()),
  MemberEvent: () => new parley.MemberEvent('join', {}),
  LostEvent: () => new parley.LostEvent('lost', 'a'),
  RecoveredEvent: () => new parley.RecoveredEvent('a', 1),
  TransportEvent: () => new parley.TransportEvent('sse', null),
  ParleyError: () => new parley.ParleyError({}),
  Backoff: () => new parley.Backoff(),
};

for (const [name, sample] of Object.entries(samples)) {
  test(`${name} has what its types say, and what is not said is internal`, () => {
    const instance = sample();
    const members = declared(name);
    assert.ok(members.length > 0);
    assert.deepEqual(members.filter(member => !(member in instance)), []);
    const own = Object.getOwnPropertyNames(Object.getPrototypeOf(instance)).filter(member => member !== 'constructor');
    const unsaid = own.filter(member => !members.includes(member));
    assert.deepEqual(unsaid.filter(member => !(INTERNAL[name] ?? []).includes(member)), []);
  });
}

test('what the types export is exported, and all of it is typed', async () => {
  const said = [...text.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(said.toSorted(), Object.keys(parley).toSorted());
  const positions = await readFile(new URL('position.d.ts', TYPES), 'utf8');
  for (const [, name] of positions.matchAll(/^export function (\w+)/gm)) {
    assert.equal(typeof position[name], 'function', name);
  }
});
