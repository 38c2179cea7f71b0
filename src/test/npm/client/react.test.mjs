import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';
import '../../../main/webapp/client/earlier.js';
import { Parley } from '../../../main/webapp/client/parley.js';
import { isAfter } from '../../../main/webapp/client/position.js';
import { FakeTransport, message, settled } from './fakes.mjs';

// The hooks as the manual has them, on as much of React as they use.

const manual = await readFile(new URL('../../../site/markdown/react.md', import.meta.url), 'utf8');

/** The component that is rendered. */
let rendering;

class Component {
  slots = [];
  constructor(render) {
    this.render = render;
    this.update();
  }
  update() {
    this.next = 0;
    this.effects = [];
    rendering = this;
    this.shown = this.render();
    this.effects.forEach(slot => {
      slot.end?.();
      slot.end = slot.effect();
    });
  }
  slot(first) {
    return (this.slots[this.next++] ??= first);
  }
  /** As `StrictMode` does with each. */
  mountAgain() {
    this.unmount();
    this.slots.forEach(slot => (slot.end = slot.effect?.()));
  }
  unmount() {
    this.slots.forEach(slot => slot.end?.());
  }
}

const react = {
  useState(first) {
    const component = rendering;
    const slot = component.slot({ value: first });
    const set = next => {
      const value = typeof next === 'function' ? next(slot.value) : next;
      if (!Object.is(value, slot.value)) {
        slot.value = value;
        queueMicrotask(() => component.update());
      }
    };
    return [slot.value, set];
  },
  useEffect(effect, dependencies) {
    const slot = rendering.slot({});
    if (!slot.dependencies || dependencies.some((one, index) => !Object.is(one, slot.dependencies[index]))) {
      Object.assign(slot, { effect, dependencies });
      rendering.effects.push(slot);
    }
  },
};

function hook(name) {
  const [, code] = [...manual.matchAll(/```js\n([\s\S]*?)```/g)].find(([, text]) => text.includes(`function ${name}(`));
  const body = code.replace(/^import .*$/gm, '').replace('export function', 'return function');
  return new Function('useEffect', 'useState', 'isAfter', body)(react.useEffect, react.useState, isAfter);
}

const useChannel = hook('useChannel');
const useContent = hook('useContent');

let parley;

beforeEach(() => (parley = new Parley('http://127.0.0.1/parley/channels', { transport: FakeTransport.factory })));

afterEach(() => parley.close());

const texts = component => component.shown.messages.map(({ data }) => data.text);

test('a component shows a channel as long as it is there, also when it is mounted twice', async () => {
  const list = new Component(() => useChannel(parley, 'chat.lobby', { keep: 2 }));
  list.mountAgain();
  await FakeTransport.last.open();
  assert.equal(FakeTransport.last.commands('subscribe').length, 1);
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push(message(1), message(2), message(3));
  assert.deepEqual(texts(list), ['m2', 'm3']);
  assert.equal(list.shown.state, 'live');
  await FakeTransport.last.push({ channel: 'chat.lobby', forgotten: { after: 'e:2', before: 'e:4' }, ancestors: [] });
  assert.deepEqual(texts(list), ['m2']);
  list.unmount();
  assert.deepEqual(FakeTransport.last.command('unsubscribe').unsubscribe, { channel: 'chat.lobby' });
});

test('two components show one channel, and one goes', async () => {
  const lists = [1, 2].map(() => new Component(() => useChannel(parley, 'chat.lobby', { history: 0 })));
  await FakeTransport.last.open();
  await FakeTransport.last.subscribe('e:0', 'e:0');
  await FakeTransport.last.push(message(1));
  lists[0].unmount();
  await FakeTransport.last.push(message(2));
  assert.deepEqual(lists.map(texts), [['m1'], ['m1', 'm2']]);
});

test('the address of an image is given back', async t => {
  const revoked = [];
  t.mock.method(URL, 'createObjectURL', () => 'blob:1');
  t.mock.method(URL, 'revokeObjectURL', address => revoked.push(address));
  const image = { blob: async () => new Blob(['x']) };
  const shown = new Component(() => useContent(image));
  assert.equal(shown.shown, null);
  await settled();
  assert.equal(shown.shown, 'blob:1');
  shown.unmount();
  assert.deepEqual(revoked, ['blob:1']);
});
