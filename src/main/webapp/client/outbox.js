import { Backoff } from './backoff.js';
import { ParleyError } from './errors.js';
/** @import { Connection } from './connection.js' */
/** @import { Position } from './position.js' */

/**
 * @typedef {object} Entry
 * @property {string} channel
 * @property {string} key
 * @property {unknown} data
 * @property {Blob | undefined} bytes
 * @property {boolean} sent on this connection
 * @property {(position: Position) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** Fewer than the server takes at once from one connection. */
const WINDOW = 64;

/**
 * What is published and not yet acknowledged. It is sent in order, and again over the next connection, with the same
 * key, until the server has said either that it has the message or that it will never take it. So nothing is lost, and
 * since the server stores a key once, nothing is doubled.
 */
export class Outbox {
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Connection | null} */
  #connection = null;
  #backoff = new Backoff({ first: 500, longest: 10_000 });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /** How many wait. */
  get size() {
    return this.#entries.length;
  }

  /**
   * @param {string} channel
   * @param {unknown} content a JSON value, or a `Blob`
   * @param {string} key
   * @returns {Promise<Position>}
   */
  add(channel, content, key) {
    const bytes = content instanceof Blob ? content : undefined;
    const data = bytes ? undefined : content;
    return new Promise((resolve, reject) => {
      this.#entries.push({ channel, key, data, bytes, sent: false, resolve, reject });
      this.#send();
    });
  }

  /** @param {Connection} connection that is open from now on */
  resume(connection) {
    this.#connection = connection;
    this.#entries.forEach(entry => (entry.sent = false));
    this.#backoff.reset();
    this.#proceed();
  }

  /** The connection has ended; all waits for the next. */
  interrupt() {
    this.#connection = null;
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  /**
   * A message was too large, and ended the connection: it must be the largest that was sent.
   *
   * @param {Error} error
   * @returns {boolean} whether there was one
   */
  failLargest(error) {
    const sent = this.#entries.filter(entry => entry.sent);
    const largest = sent.reduce((one, other) => (size(other) > size(one) ? other : one), sent[0]);
    if (largest) {
      this.#remove(largest);
      largest.reject(error);
    }
    return largest !== undefined;
  }

  /** @param {Error} error that ends all waiting */
  fail(error) {
    this.interrupt();
    const entries = this.#entries;
    this.#entries = [];
    entries.forEach(entry => entry.reject(error));
  }

  #proceed() {
    this.#pause = undefined;
    this.#send();
  }

  #send() {
    const connection = this.#connection;
    if (!connection || this.#pause !== undefined) {
      return;
    }
    for (const entry of this.#entries.slice(0, WINDOW)) {
      if (!entry.sent) {
        entry.sent = true;
        this.#publish(connection, entry);
      }
    }
  }

  /**
   * @param {Connection} connection
   * @param {Entry} entry
   */
  async #publish(connection, entry) {
    const { channel, key, data, bytes } = entry;
    const body = bytes ? { channel, key, type: bytes.type || 'application/octet-stream' } : { channel, key, data };
    try {
      const { position } = await connection.request('publish', body, bytes);
      this.#remove(entry);
      entry.resolve(position);
    } catch (error) {
      if (this.#connection === connection) {
        this.#refused(entry, /** @type {ParleyError} */ (error));
      }
    }
  }

  /**
   * @param {Entry} entry
   * @param {ParleyError} error
   */
  #refused(entry, error) {
    if (!error.retry) {
      this.#remove(entry);
      entry.reject(error);
      return;
    }
    entry.sent = false;
    if (this.#pause === undefined) {
      this.#pause = setTimeout(() => this.#proceed(), this.#backoff.next());
    }
  }

  /** @param {Entry} entry */
  #remove(entry) {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) {
      this.#entries.splice(index, 1);
    }
    this.#send();
  }
}

/** @param {Entry} entry */
function size({ bytes, data }) {
  return bytes ? bytes.size : JSON.stringify(data).length;
}
