import { CONNECTION_LOST, ParleyError } from './errors.js';
import { MIN_BANDWIDTH } from './transport.js';
/** @import { Api } from './api.js' */
/** @import { Position } from './position.js' */

const UPLOAD_TIMEOUT = 30_000;

/** Publishes by requests, those of one channel one after the other, since two requests may overtake each other. */
export class HttpPublisher {
  /** Bytes of requests that are not answered yet. */
  buffered = 0;

  #api;
  #signal;
  /** By channel, the request before. @type {Map<string, Promise<unknown>>} */
  #previous = new Map();

  /**
   * @param {Api} api
   * @param {AbortSignal} signal that aborts all
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
    const previous = this.#previous.get(message.channel);
    const post = this.#post(message, body, previous);
    this.#previous.set(message.channel, post.catch(() => {}));
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
   * @param {Promise<unknown> | undefined} previous
   */
  async #post({ channel, key, type = 'application/json' }, body, previous) {
    await previous;
    const headers = { 'Content-Type': type, ...(key && { 'Idempotency-Key': key }) };
    const request = { method: 'POST', headers, body };
    try {
      const timeout = UPLOAD_TIMEOUT + body.size / MIN_BANDWIDTH;
      return await this.#api.ask(`${channelPath({ channel })}/messages`, this.#signal, timeout, request);
    } catch (error) {
      throw key ? retryable(/** @type {ParleyError} */ (error)) : error;
    }
  }
}

/** @param {{channel: string}} of */
export function channelPath({ channel }) {
  return `channels/${encodeURIComponent(channel)}`;
}

/**
 * A failed request does not end the connection: with its key it is idempotent, and can be retried unless a proxy has
 * refused it for good.
 *
 * @param {ParleyError} error
 */
function retryable(error) {
  const { code, name, message } = error;
  if (name !== CONNECTION_LOST) {
    return error;
  }
  const final = code >= 400 && code < 500 && ![408, 429].includes(code);
  const word = code === 413 ? 'too-large' : 'refused';
  return new ParleyError({ code, name: final ? word : 'unavailable', message, retry: !final });
}
