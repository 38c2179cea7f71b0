import { Backoff } from './backoff.js';
import { CONNECTION_LOST } from './errors.js';
import { UploadProgress } from './upload-progress.js';
/** @import { Connection } from './connection.js' */
/** @import { ParleyError } from './errors.js' */
/** @import { Position } from './position.js' */
/** @import { Progress } from './upload-progress.js' */

/**
 * @typedef {object} PublishOptions
 * @property {string} [key] makes it idempotent: publishing again with the same one stores nothing more
 * @property {AbortSignal} [signal] cancels the message, unless it was sent already: then it may have been stored
 * @property {(progress: Progress) => void} [onprogress] of bytes
 */

/**
 * @typedef {object} PendingPublish
 * @property {string} channel
 * @property {string} key
 * @property {unknown} data
 * @property {Blob | undefined} bytes
 * @property {number} size about, in bytes
 * @property {boolean} sent over this connection
 * @property {boolean} everSent over any: the server may have stored it
 * @property {number} failures internal to the server
 * @property {((progress: Progress) => void) | undefined} onprogress
 * @property {(position: Position) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** Of all channels; below the server's limit for one connection. */
const MAX_IN_FLIGHT = 64;
/** Of one message, before it fails: it blocks those behind it. */
const MAX_FAILURES = 8;

/**
 * What is published and not yet acknowledged. It is sent in order, and retried over the next connection until the server
 * has acknowledged or finally refused it: at-least-once, and by its key idempotent, so that it is stored exactly once.
 *
 * The hard case is order: when the server refuses a message for a while, those behind it that are in flight already may
 * be stored before it. So the number in flight is limited for each channel: to one, by default.
 */
export class Outbox {
  #maxInFlight;
  /** By channel; none is empty. @type {Map<string, PendingPublish[]>} */
  #queues = new Map();
  /** @type {Connection | null} */
  #connection = null;
  #backoff = new Backoff({ first: 500, longest: 10_000 });
  #uploadProgress = new UploadProgress();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;

  /** @param {number} maxInFlight of each channel */
  constructor(maxInFlight = 1) {
    this.#maxInFlight = maxInFlight;
  }

  /** How many are not acknowledged. */
  get size() {
    return this.#pending.length;
  }

  /**
   * @param {string} channel
   * @param {unknown} content a JSON value, or a `Blob`
   * @param {PublishOptions & {key: string}} options
   * @returns {Promise<Position>}
   */
  async add(channel, content, { key, signal, onprogress }) {
    signal?.throwIfAborted();
    const copy = snapshot(content);
    return new Promise((resolve, reject) => {
      /** @type {PendingPublish} */
      const entry = { channel, key, ...copy, sent: false, everSent: false, failures: 0, onprogress, resolve, reject };
      const queue = this.#queues.get(channel) ?? [];
      queue.push(entry);
      this.#queues.set(channel, queue);
      signal?.addEventListener('abort', () => this.#cancel(entry, signal), { once: true });
      this.#send();
    });
  }

  /** @param {Connection} connection that is open from now on */
  resume(connection) {
    this.#connection = connection;
    this.#pending.forEach(entry => (entry.sent = false));
    this.#backoff.reset();
    this.#retry();
  }

  /** The connection has ended; retries over the next. */
  interrupt() {
    this.#connection = null;
    this.#uploadProgress.stop();
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  /**
   * A message that was too large has closed the connection: it must be the largest that was sent.
   *
   * @param {Error} error
   * @returns {boolean} whether there was one
   */
  failLargest(error) {
    const sent = this.#pending.filter(entry => entry.sent);
    const largest = sent.reduce((one, other) => (other.size > one.size ? other : one), sent[0]);
    if (largest) {
      this.#remove(largest);
      largest.reject(error);
    }
    return largest !== undefined;
  }

  /** @param {Error} error for all that are pending */
  fail(error) {
    this.interrupt();
    const entries = this.#pending;
    this.#queues.clear();
    entries.forEach(entry => entry.reject(error));
  }

  get #pending() {
    return [...this.#queues.values()].flat();
  }

  #retry() {
    this.#retryTimer = undefined;
    this.#send();
  }

  #send() {
    const connection = this.#connection;
    if (!connection || this.#retryTimer) {
      return;
    }
    const heads = [...this.#queues.values()].flatMap(queue => queue.slice(0, this.#maxInFlight));
    let free = MAX_IN_FLIGHT - heads.filter(entry => entry.sent).length;
    for (const entry of heads) {
      if (!entry.sent && free > 0) {
        free--;
        this.#publish(connection, entry);
      }
    }
  }

  /**
   * @param {Connection} connection
   * @param {PendingPublish} entry
   */
  #publish(connection, entry) {
    const { channel, key, data, bytes, onprogress } = entry;
    const body = bytes ? { channel, key, type: bytes.type || 'application/octet-stream' } : { channel, key, data };
    entry.sent = true;
    entry.everSent = true;
    const handler = {
      /** @param {{position: Position}} published */
      resolve: ({ position }) => {
        this.#backoff.reset();
        this.#remove(entry);
        entry.resolve(position);
      },
      /** @param {ParleyError} error */
      reject: error => {
        // It is retried over the next connection.
        if (error.name !== CONNECTION_LOST) {
          this.#rejected(entry, error);
        }
      },
    };
    const part = connection.send('publish', body, handler, bytes);
    if (bytes && onprogress) {
      this.#uploadProgress.watch(entry, bytes.size, part, onprogress);
    }
  }

  /**
   * @param {PendingPublish} entry
   * @param {ParleyError} error
   */
  #rejected(entry, error) {
    entry.failures += error.name === 'internal' ? 1 : 0;
    if (!error.retry || entry.failures >= MAX_FAILURES) {
      this.#remove(entry);
      entry.reject(error);
      return;
    }
    entry.sent = false;
    this.#uploadProgress.forget(entry);
    this.#retryTimer ??= setTimeout(() => this.#retry(), this.#backoff.next());
  }

  /**
   * @param {PendingPublish} entry
   * @param {AbortSignal} signal
   */
  #cancel(entry, signal) {
    if (!entry.everSent) {
      this.#remove(entry);
      entry.reject(signal.reason);
    }
  }

  /** @param {PendingPublish} entry */
  #remove(entry) {
    this.#uploadProgress.forget(entry);
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
 * A copy: a retry with the same key must have the same content.
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
