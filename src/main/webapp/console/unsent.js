import { newKey } from '../client/key.js';
import { isAfter } from '../client/position.js';
import { element } from './dom.js';
import { bubble, release, textOrImage } from './entry.js';
import { size } from './format.js';
import { errorSentence, isHopeless } from './sentences.js';
/** @import { Channel } from '../client/parley.js' */
/** @import { Position } from '../client/position.js' */
/** @import { Progress } from '../client/uploads.js' */

/** An image of less is sent before anybody could see how far it is. */
const SHOW_PROGRESS = 64 * 1024;

/**
 * One of the own messages, on its way.
 *
 * @typedef {object} Draft
 * @property {Channel} channel
 * @property {any} content
 * @property {string} key the same each time, so that it is stored once however often it is tried
 * @property {HTMLElement} entry
 * @property {HTMLElement} state
 * @property {boolean} left it has been given to a connection, so that the server may have it
 * @property {AbortController} control
 */

/**
 * The own messages that the server has not acknowledged yet, or will not take. One that is acknowledged stays until it
 * has come back in the channel, so that it is always seen once.
 */
export class Unsent {
  #list;
  /** Not acknowledged. @type {Set<Draft>} */
  #drafts = new Set();
  /** Acknowledged, and not yet come back. @type {Map<Position, HTMLElement>} */
  #awaited = new Map();
  #connected = false;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /**
   * @param {Channel} channel
   * @param {any} content
   */
  publish(channel, content) {
    const state = element('div', { className: 'state-line' });
    const said = element('div', { className: 'said' }, bubble(textOrImage(content)), state);
    const entry = element('li', { className: 'message own' }, said);
    this.#list.append(entry);
    this.#try({ channel, content, key: newKey(), entry, state, left: false, control: new AbortController() });
  }

  /** @param {Position} position up to which all of the channel has come */
  passed(position) {
    for (const [awaited, entry] of this.#awaited) {
      if (!isAfter(awaited, position)) {
        this.#awaited.delete(awaited);
        discard(entry);
      }
    }
  }

  /** @param {boolean} connected */
  set connected(connected) {
    if (connected !== this.#connected) {
      this.#connected = connected;
      this.#drafts.forEach(draft => this.#waits(draft));
    }
  }

  clear() {
    [...this.#list.children].forEach(discard);
    this.#drafts.clear();
    this.#awaited.clear();
  }

  /** @param {Draft} draft */
  async #try(draft) {
    const { channel, content, key, entry, control } = draft;
    this.#drafts.add(draft);
    entry.dataset.state = 'pending';
    this.#waits(draft);
    try {
      const onprogress = (/** @type {Progress} */ progress) => this.#progressed(draft, progress);
      this.#acknowledged(draft, await channel.publish(content, { key, onprogress, signal: control.signal }));
    } catch (error) {
      this.#failed(draft, /** @type {Error} */ (error));
    }
  }

  /** @param {Draft} draft */
  #waits({ state, left, control }) {
    const text = this.#connected ? 'Sending' : 'Waiting for the connection';
    // Once it may be at the server, to take it back would be a promise that nobody can keep.
    const ways = left ? [] : [button('Cancel', () => control.abort())];
    state.replaceChildren(element('span', { text }), ...ways);
  }

  /**
   * @param {Draft} draft
   * @param {Progress} progress
   */
  #progressed(draft, { sent, total }) {
    draft.left = true;
    const { content, state } = draft;
    if (!(content instanceof Blob) || total < SHOW_PROGRESS) {
      state.replaceChildren(element('span', { text: 'Sending' }));
      return;
    }
    const all = sent >= total;
    const text = all ? `${size(total)} sent, not yet stored` : `${size(sent)} of ${size(total)} sent`;
    const bar = state.querySelector('progress') ?? element('progress', { attributes: { 'aria-label': 'Sent' } });
    bar.max = total;
    bar.value = sent;
    const label = state.querySelector('.sent') ?? element('span', { className: 'sent' });
    label.textContent = text;
    if (!bar.isConnected) {
      state.replaceChildren(bar, label);
    }
  }

  /**
   * @param {Draft} draft
   * @param {Position} position
   */
  #acknowledged(draft, position) {
    const { channel, entry } = draft;
    this.#drafts.delete(draft);
    if (channel.position !== null && !isAfter(position, channel.position)) {
      discard(entry);
    } else {
      entry.dataset.state = 'acknowledged';
      this.#awaited.set(position, entry);
    }
  }

  /**
   * @param {Draft} draft
   * @param {Error} error
   */
  #failed(draft, error) {
    const { entry, state } = draft;
    this.#drafts.delete(draft);
    if (error.name === 'AbortError') {
      discard(entry);
      return;
    }
    entry.dataset.state = 'failed';
    const ways = isHopeless(error) ? [] : [button('Try again', () => this.#try(draft))];
    ways.push(button('Discard', () => discard(entry)));
    state.replaceChildren(element('span', { text: `Not sent. ${errorSentence(error)}` }), ...ways);
  }
}

/**
 * @param {string} text
 * @param {() => void} action
 */
function button(text, action) {
  const made = element('button', { className: 'link', text, attributes: { type: 'button' } });
  made.addEventListener('click', action);
  return made;
}

/** @param {Element} entry */
function discard(entry) {
  release(entry);
  entry.remove();
}
