import { LOST, ParleyError } from './errors.js';
/** @import { Api } from './api.js' */
/** @import { Position } from './position.js' */

const PATIENCE = 30_000;
/** Bytes in a millisecond, of the slowest line that is waited for. */
const SLOWEST = 64;

/** What is published by requests: those of one channel one after the other, since two requests may overtake each other. */
export class Posts {
  /** Bytes that are not there yet. */
  buffered = 0;

  #api;
  #signal;
  /** By channel, when the last one is answered. @type {Map<string, Promise<unknown>>} */
  #last = new Map();

  /**
   * @param {Api} api
   * @param {AbortSignal} signal that ends all
   */
  constructor(api, signal) {
    this.#api = api;
    this.#signal = signal;
  }

  /**
   * @param {{channel: string, key?: string, data?: unknown, type?: string}} message
   * @param {Blob} [bytes]
   * @returns {Promise<{channel: string, position: Position}>}
   */
  async publish(message, bytes) {
    const body = bytes ?? new Blob([JSON.stringify(message.data)]);
    const last = this.#last.get(message.channel);
    const post = this.#post(message, body, last);
    this.#last.set(message.channel, post.catch(() => {}));
    this.buffered += body.size;
    try {
      return await post;
    } finally {
      this.buffered -= body.size;
    }
  }

  /**
   * @param {{channel: string, key?: string, type?: string}} message
   * @param {Blob} body
   * @param {Promise<unknown> | undefined} last
   */
  async #post({ channel, key, type = 'application/json' }, body, last) {
    await last;
    const headers = { 'Content-Type': type, ...(key && { 'Idempotency-Key': key }) };
    const ask = { method: 'POST', headers, body };
    try {
      return await this.#api.ask(`${channelPath({ channel })}/messages`, this.#signal, PATIENCE + body.size / SLOWEST, ask);
    } catch (error) {
      throw key ? lasting(/** @type {ParleyError} */ (error)) : error;
    }
  }
}

/** @param {{channel: string}} of */
export function channelPath({ channel }) {
  return `channels/${encodeURIComponent(channel)}`;
}

/**
 * A request that failed is not the conversation's end: with its key the same can be sent again, unless a proxy says
 * that it never takes it.
 *
 * @param {ParleyError} error
 */
function lasting(error) {
  const { code, name, message } = error;
  if (name !== LOST) {
    return error;
  }
  const final = code >= 400 && code < 500 && code !== 408 && code !== 429;
  const word = code === 413 ? 'too-large' : 'refused';
  return new ParleyError({ code, name: final ? word : 'unavailable', message, retry: !final });
}
