import { ParleyError } from '../client/parley.js';
import { newKey } from '../client/key.js';
import { element } from './dom.js';
import { bubble, release, textOrImage } from './entry.js';
import { errorSentence, isHopeless } from './sentences.js';
/** @import { Channel } from '../client/parley.js' */

/**
 * The own messages that the server has not acknowledged yet, or will not take. One that is acknowledged stays until it
 * stands in the timeline, so that it is always seen once.
 */
export class Unsent {
  #list;
  #isShown;
  /** Acknowledged, and not yet in the timeline. @type {Map<string, HTMLElement>} */
  #awaited = new Map();
  #connected = false;

  /**
   * @param {HTMLElement} list
   * @param {(position: string) => boolean} isShown whether a position stands in the timeline
   */
  constructor(list, isShown) {
    this.#list = list;
    this.#isShown = isShown;
  }

  /**
   * @param {Channel} channel
   * @param {any} content
   */
  publish(channel, content) {
    const state = element('span', { className: 'state-line' });
    const said = element('div', { className: 'said' }, bubble(textOrImage(content)), state);
    const entry = element('li', { className: 'message own' }, said);
    this.#list.append(entry);
    this.#try(channel, content, newKey(), entry, state);
  }

  /** @param {string} position that stands in the timeline now */
  shown(position) {
    const entry = this.#awaited.get(position);
    this.#awaited.delete(position);
    if (entry) {
      discard(entry);
    }
  }

  /** @param {boolean} connected */
  set connected(connected) {
    this.#connected = connected;
    for (const line of this.#list.querySelectorAll('[data-state="pending"] .state-line')) {
      line.textContent = this.#waiting();
    }
  }

  clear() {
    [...this.#list.children].forEach(discard);
    this.#awaited.clear();
  }

  /**
   * @param {Channel} channel
   * @param {any} content
   * @param {string} key the same each time, so that it is stored once however often it is tried
   * @param {HTMLElement} entry
   * @param {HTMLElement} state
   */
  async #try(channel, content, key, entry, state) {
    entry.dataset.state = 'pending';
    state.textContent = this.#waiting();
    try {
      this.#acknowledged(await channel.publish(content, { key }), entry);
    } catch (error) {
      const again = () => this.#try(channel, content, key, entry, state);
      this.#failed(/** @type {ParleyError} */ (error), entry, state, again);
    }
  }

  #waiting() {
    return this.#connected ? 'Sending' : 'Waiting for the connection';
  }

  /**
   * @param {string} position
   * @param {HTMLElement} entry
   */
  #acknowledged(position, entry) {
    if (this.#isShown(position)) {
      discard(entry);
    } else {
      entry.dataset.state = 'acknowledged';
      this.#awaited.set(position, entry);
    }
  }

  /**
   * @param {ParleyError} error
   * @param {HTMLElement} entry
   * @param {HTMLElement} state
   * @param {() => void} again
   */
  #failed(error, entry, state, again) {
    entry.dataset.state = 'failed';
    const ways = isHopeless(error) ? [] : [button('Try again', again)];
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
