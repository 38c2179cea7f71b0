import { newKey } from '../client/parley.js';
import { isAfter } from '../client/position.js';
import { element, linkButton } from './dom.js';
import { errorMessage, isPermanent } from './error-messages.js';
import { size } from './format.js';
import { bubble, revokeObjectUrls, contentElement } from './message-view.js';
/** @import { Channel, Position, Progress } from '../client/parley.js' */

/** In bytes: a smaller upload is over before a progress bar could be seen. */
const MIN_PROGRESS_SIZE = 64 * 1024;

/**
 * An optimistic entry of the timeline.
 *
 * @typedef {object} PendingMessage
 * @property {Channel} channel
 * @property {any} content
 * @property {string} key makes retries idempotent
 * @property {HTMLElement} entry
 * @property {HTMLElement} state
 * @property {boolean} sent over a connection, so that the server may have stored it
 * @property {AbortController} control
 */

/**
 * This user's messages that are not acknowledged yet, or were refused. An acknowledged one stays until its echo arrives on
 * the channel, so that it is always seen exactly once.
 */
export class PendingMessages {
  #list;
  /** Not acknowledged. @type {Set<PendingMessage>} */
  #pending = new Set();
  /** Acknowledged, without their echo yet. @type {Map<Position, HTMLElement>} */
  #awaitingEcho = new Map();
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
    const said = element('div', { className: 'said' }, bubble(contentElement(content)), state);
    const entry = element('li', { className: 'message own' }, said);
    this.#list.append(entry);
    this.#send({ channel, content, key: newKey(), entry, state, sent: false, control: new AbortController() });
  }

  /** @param {Position} position of the last message of the channel */
  reached(position) {
    for (const [acknowledged, entry] of this.#awaitingEcho) {
      if (!isAfter(acknowledged, position)) {
        this.#awaitingEcho.delete(acknowledged);
        discard(entry);
      }
    }
  }

  /** @param {boolean} connected */
  set connected(connected) {
    if (connected !== this.#connected) {
      this.#connected = connected;
      this.#pending.forEach(message => this.#showWaiting(message));
    }
  }

  clear() {
    [...this.#list.children].forEach(discard);
    this.#pending.clear();
    this.#awaitingEcho.clear();
  }

  /** @param {PendingMessage} message */
  async #send(message) {
    const { channel, content, key, entry, control } = message;
    this.#pending.add(message);
    entry.dataset.state = 'pending';
    this.#showWaiting(message);
    try {
      const onprogress = (/** @type {Progress} */ progress) => this.#showProgress(message, progress);
      this.#acknowledged(message, await channel.publish(content, { key, onprogress, signal: control.signal }));
    } catch (error) {
      this.#fail(message, /** @type {Error} */ (error));
    }
  }

  /** @param {PendingMessage} message */
  #showWaiting({ state, sent, control }) {
    const text = this.#connected ? 'Sending' : 'Waiting for the connection';
    // Once sent it may be stored, and cannot be cancelled any more.
    const buttons = sent ? [] : [linkButton('Cancel', () => control.abort())];
    state.replaceChildren(element('span', { text }), ...buttons);
  }

  /**
   * @param {PendingMessage} message
   * @param {Progress} progress
   */
  #showProgress(message, { sent, total }) {
    message.sent = true;
    const { content, state } = message;
    if (!(content instanceof Blob) || total < MIN_PROGRESS_SIZE) {
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
   * @param {PendingMessage} message
   * @param {Position} position
   */
  #acknowledged(message, position) {
    const { channel, entry } = message;
    this.#pending.delete(message);
    if (channel.position !== null && !isAfter(position, channel.position)) {
      discard(entry);
    } else {
      entry.dataset.state = 'acknowledged';
      this.#awaitingEcho.set(position, entry);
    }
  }

  /**
   * @param {PendingMessage} message
   * @param {Error} error
   */
  #fail(message, error) {
    const { entry, state } = message;
    this.#pending.delete(message);
    if (error.name === 'AbortError') {
      discard(entry);
      return;
    }
    entry.dataset.state = 'failed';
    const buttons = isPermanent(error) ? [] : [linkButton('Try again', () => this.#send(message))];
    buttons.push(linkButton('Discard', () => discard(entry)));
    state.replaceChildren(element('span', { text: `Not sent. ${errorMessage(error)}` }), ...buttons);
  }
}

/** @param {Element} entry */
function discard(entry) {
  revokeObjectUrls(entry);
  entry.remove();
}
