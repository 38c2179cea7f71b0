import { Backoff } from './backoff.js';
import { ParleyError } from './errors.js';
import { Uploads } from './uploads.js';
/** @import { Connection } from './connection.js' */
/** @import { Position } from './position.js' */
/** @import { Progress } from './uploads.js' */

/**
 * @typedef {object} PublishOptions
 * @property {string} [key] publishing again with the same one stores nothing more
 * @property {AbortSignal} [signal] takes the message back, unless it is on its way already: then nobody could say
 *     whether it was stored
 * @property {(progress: Progress) => void} [onprogress] of bytes
 */

/**
 * @typedef {object} Entry
 * @property {string} channel
 * @property {string} key
 * @property {unknown} data
 * @property {Blob | undefined} bytes
 * @property {number} size about, in bytes
 * @property {boolean} sent on this connection
 * @property {boolean} everSent on any: the server may have it
 * @property {number} failures the server's own
 * @property {((progress: Progress) => void) | undefined} onprogress
 * @property {(position: Position) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** Of all channels; fewer than the server takes at once from one connection. */
const WINDOW = 64;
/** So often the server may fail over one message before it is given up: the next ones wait behind it. */
const MOST_FAILURES = 8;

/**
 * What is published and not yet acknowledged. It is sent in order, and again over the next connection, with the same
 * key, until the server has said either that it has the message or that it will never take it. So nothing is lost, and
 * since the server stores a key once, nothing is doubled.
 *
 * The hard case is order: when the server refuses a message for a while, those behind it that are under way already
 * may be stored before it. So of one channel no more are under way at once than was asked for: one, by default.
 */
export class Outbox {
  #underWay;
  /** By channel; in none is nothing. @type {Map<string, Entry[]>} */
  #queues = new Map();
  /** @type {Connection | null} */
  #connection = null;
  #backoff = new Backoff({ first: 500, longest: 10_000 });
  #uploads = new Uploads();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /** @param {number} underWay at most, of a channel at once */
  constructor(underWay = 1) {
    this.#underWay = underWay;
  }

  /** How many wait. */
  get size() {
    return this.#entries.length;
  }

  /**
   * @param {string} channel
   * @param {unknown} content a JSON value, or a `Blob`
   * @param {PublishOptions & {key: string}} options
   * @returns {Promise<Position>}
   */
  async add(channel, content, { key, signal, onprogress }) {
    signal?.throwIfAborted();
    const whole = snapshot(content);
    return new Promise((resolve, reject) => {
      /** @type {Entry} */
      const entry = { channel, key, ...whole, sent: false, everSent: false, failures: 0, onprogress, resolve, reject };
      const queue = this.#queues.get(channel);
      if (queue) {
        queue.push(entry);
      } else {
        this.#queues.set(channel, [entry]);
      }
      signal?.addEventListener('abort', () => this.#takeBack(entry, signal), { once: true });
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
    this.#uploads.stop();
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
    const largest = sent.reduce((one, other) => (other.size > one.size ? other : one), sent[0]);
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
    this.#queues.clear();
    entries.forEach(entry => entry.reject(error));
  }

  get #entries() {
    return [...this.#queues.values()].flat();
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
    const foremost = [...this.#queues.values()].flatMap(queue => queue.slice(0, this.#underWay));
    let free = WINDOW - foremost.filter(entry => entry.sent).length;
    for (const entry of foremost) {
      if (!entry.sent && free > 0) {
        free--;
        this.#publish(connection, entry);
      }
    }
  }

  /**
   * @param {Connection} connection
   * @param {Entry} entry
   */
  #publish(connection, entry) {
    const { channel, key, data, bytes, onprogress } = entry;
    const body = bytes ? { channel, key, type: bytes.type || 'application/octet-stream' } : { channel, key, data };
    entry.sent = true;
    entry.everSent = true;
    const answer = {
      /** @param {{position: Position}} published */
      resolve: ({ position }) => {
        this.#backoff.reset();
        this.#remove(entry);
        entry.resolve(position);
      },
      /** @param {ParleyError} error */
      reject: error => {
        // One whose connection ended is sent again over the next.
        if (error.name !== 'connection-lost') {
          this.#refused(entry, error);
        }
      },
    };
    const part = connection.ask('publish', body, answer, bytes);
    if (bytes && onprogress) {
      this.#uploads.watch(entry, bytes.size, part, onprogress);
    }
  }

  /**
   * @param {Entry} entry
   * @param {ParleyError} error
   */
  #refused(entry, error) {
    entry.failures += error.name === 'internal' ? 1 : 0;
    if (!error.retry || entry.failures >= MOST_FAILURES) {
      this.#remove(entry);
      entry.reject(error);
      return;
    }
    entry.sent = false;
    this.#uploads.forget(entry);
    if (this.#pause === undefined) {
      this.#pause = setTimeout(() => this.#proceed(), this.#backoff.next());
    }
  }

  /**
   * @param {Entry} entry
   * @param {AbortSignal} signal
   */
  #takeBack(entry, signal) {
    if (!entry.everSent) {
      this.#remove(entry);
      entry.reject(signal.reason);
    }
  }

  /** @param {Entry} entry */
  #remove(entry) {
    this.#uploads.forget(entry);
    const queue = this.#queues.get(entry.channel) ?? [];
    const index = queue.indexOf(entry);
    if (index >= 0) {
      queue.splice(index, 1);
    }
    if (queue.length === 0) {
      this.#queues.delete(entry.channel);
    }
    this.#send();
  }
}

/**
 * As it is now: what is sent again with its key must be the same.
 *
 * @param {unknown} content
 */
function snapshot(content) {
  if (content instanceof Blob) {
    return { data: undefined, bytes: content, size: content.size };
  }
  const json = JSON.stringify(content);
  if (json === undefined) {
    throw new TypeError('Published is a JSON value, or bytes.');
  }
  return { data: JSON.parse(json), bytes: undefined, size: json.length };
}
