import { ParleyError } from './errors.js';
/** @import { Api } from './api.js' */
/** @import { Position } from './position.js' */

/** At once: a browser has six connections for all windows of a site, and reading needs one. */
const LANES = 2;
const PATIENCE = 30_000;
/** Bytes in a millisecond, of the slowest line that is waited for. */
const SLOWEST = 64;

/**
 * @typedef {object} Post
 * @property {{channel: string, key?: string, data?: unknown, type?: string}} message
 * @property {BodyInit} body
 * @property {number} size
 * @property {(published: {channel: string, position: Position}) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** What is published by requests: those of one channel one after the other, since two requests may overtake each other. */
export class Posts {
  /** Bytes that are not there yet. */
  buffered = 0;

  #api;
  #signal;
  /** @type {Post[]} */
  #waiting = [];
  /** Channels of which one is on its way. @type {Set<string>} */
  #busy = new Set();

  /**
   * @param {Api} api
   * @param {AbortSignal} signal that ends all
   */
  constructor(api, signal) {
    this.#api = api;
    this.#signal = signal;
  }

  /**
   * @param {Post['message']} message
   * @param {Blob} [bytes]
   * @returns {Promise<{channel: string, position: Position}>}
   */
  publish(message, bytes) {
    const body = bytes ?? JSON.stringify(message.data);
    const size = typeof body === 'string' ? body.length : body.size;
    this.buffered += size;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, body, size, resolve, reject });
      this.#proceed();
    });
  }

  #proceed() {
    const free = this.#busy.size < LANES;
    const index = free ? this.#waiting.findIndex(({ message }) => !this.#busy.has(message.channel)) : -1;
    if (index >= 0) {
      const [post] = this.#waiting.splice(index, 1);
      this.#busy.add(post.message.channel);
      this.#post(post).finally(() => {
        this.#busy.delete(post.message.channel);
        this.buffered -= post.size;
        this.#proceed();
      });
      this.#proceed();
    }
  }

  /** @param {Post} post */
  async #post({ message, body, size, resolve, reject }) {
    const { channel, key, type = 'application/json' } = message;
    const abort = new AbortController();
    const stop = () => abort.abort();
    const timer = setTimeout(stop, PATIENCE + size / SLOWEST);
    this.#signal.addEventListener('abort', stop);
    try {
      const headers = { 'Content-Type': type, ...(key && { 'Idempotency-Key': key }) };
      const path = `${channelPath(message)}/messages`;
      resolve(await this.#api.ask(path, { method: 'POST', headers, body, signal: abort.signal }));
    } catch (error) {
      reject(key ? lasting(/** @type {ParleyError} */ (error)) : error);
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', stop);
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
function lasting({ code, name, message, retry }) {
  if (name !== 'connection-lost') {
    return new ParleyError({ code, name, message, retry });
  }
  const final = code >= 400 && code < 500 && code !== 408 && code !== 429;
  const word = code === 413 ? 'too-large' : 'refused';
  return new ParleyError(final ? { code, name: word } : { code: 503, name: 'unavailable', retry: true, message });
}
