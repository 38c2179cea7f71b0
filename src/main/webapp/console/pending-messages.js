import { newKey } from '../client/parley.js';
import { isAfter, isForgotten } from '../client/position.js';
import { element, linkButton } from './dom.js';
import { errorMessage, FORGOTTEN, isPermanent } from './error-messages.js';
import { size } from './format.js';
import { bubble, revokeObjectUrls, contentElement } from './message-view.js';
/** @import { Channel, Message, Position, Progress } from '../client/parley.js' */

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
  /** Acknowledged, without their echo yet. @type {Map<Position, PendingMessage>} */
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

  /** @param {Message} last of the channel */
  reached(last) {
    for (const [position, message] of this.#awaitingEcho) {
      const { lineage } = message.channel;
      if (isForgotten(position, lineage)) {
        this.#forget(position, message);
      } else if (!isAfter(position, last.position, lineage)) {
        this.#awaitingEcho.delete(position);
        discard(message.entry);
      }
    }
  }

  /** @param {(position: Position) => boolean} isForgotten */
  forget(isForgotten) {
    for (const [position, message] of this.#awaitingEcho) {
      if (isForgotten(position)) {
        this.#forget(position, message);
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
    if (isForgotten(position, channel.lineage)) {
      this.#forget(position, message);
    } else if (channel.position !== null && !isAfter(position, channel.position, channel.lineage)) {
      discard(entry);
    } else {
      entry.dataset.state = 'acknowledged';
      this.#awaitingEcho.set(position, message);
    }
  }

  /**
   * @param {Position} position
   * @param {PendingMessage} message
   */
  #forget(position, message) {
    this.#awaitingEcho.delete(position);
    this.#showFailed(message, FORGOTTEN, true);
  }

  /**
   * @param {PendingMessage} message
   * @param {Error} error
   */
  #fail(message, error) {
    this.#pending.delete(message);
    if (error.name === 'AbortError') {
      discard(message.entry);
    } else {
      this.#showFailed(message, `Not sent. ${errorMessage(error)}`, !isPermanent(error));
    }
  }

  /**
   * @param {PendingMessage} message
   * @param {string} text
   * @param {boolean} canRetry
   */
  #showFailed(message, text, canRetry) {
    const { entry, state } = message;
    entry.dataset.state = 'failed';
    const buttons = canRetry ? [linkButton('Try again', () => this.#send(message))] : [];
    buttons.push(linkButton('Discard', () => discard(entry)));
    state.replaceChildren(element('span', { text }), ...buttons);
  }
}

/** @param {Element} entry */
function discard(entry) {
  revokeObjectUrls(entry);
  entry.remove();
}
