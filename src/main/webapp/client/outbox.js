import { Backoff } from './backoff.js';
import { CONNECTION_LOST } from './errors.js';
/** @import { Connection } from './connection.js' */
/** @import { ParleyError } from './errors.js' */
/** @import { Position } from './position.js' */
/** @import { Progress, UploadProgress } from './upload-progress.js' */

/**
 * @typedef {object} PublishOptions
 * @property {string} [key] makes it idempotent: publishing again with the same one stores nothing more
 * @property {AbortSignal} [signal] gives it up: the promise fails with the signal's reason, at once. What was sent already
 *     may have been stored all the same
 * @property {(progress: Progress) => void} [onprogress] of bytes
 */

/**
 * @typedef {object} PendingPublish
 * @property {string} channel
 * @property {string} key
 * @property {unknown} [data]
 * @property {Blob} [bytes]
 * @property {number} size about, in bytes
 * @property {boolean} sent over this connection
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
  /** @type {UploadProgress | undefined} */
  #uploadProgress;
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
      const entry = { channel, key, ...copy, sent: false, failures: 0, onprogress, resolve, reject };
      const queue = this.#queues.get(channel) ?? [];
      queue.push(entry);
      this.#queues.set(channel, queue);
      signal?.addEventListener('abort', () => this.#fail(entry, signal.reason), { once: true });
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
    this.#uploadProgress?.stop();
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  /**
   * A message that was too large has closed the connection: it must be the largest that was sent.
   *
   * @param {Error} error
   * @returns {PendingPublish | undefined} that one
   */
  failLargest(error) {
    const [largest] = this.#pending.filter(entry => entry.sent).sort((one, other) => other.size - one.size);
    if (largest) {
      this.#fail(largest, error);
    }
    return largest;
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
    const waiting = heads.filter(entry => !entry.sent);
    const free = MAX_IN_FLIGHT - heads.length + waiting.length;
    waiting.slice(0, free).forEach(entry => this.#publish(connection, entry));
  }

  /**
   * @param {Connection} connection
   * @param {PendingPublish} entry
   */
  #publish(connection, entry) {
    const { channel, key, data, bytes, onprogress } = entry;
    const body = { channel, key, data, type: bytes && (bytes.type || 'application/octet-stream') };
    entry.sent = true;
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
      this.#watch(connection, entry, bytes.size, part);
    }
  }

  /**
   * @param {Connection} connection
   * @param {PendingPublish} entry
   * @param {number} size
   * @param {() => number} part
   */
  async #watch(connection, entry, size, part) {
    const module = await import('./upload-progress.js').catch(() => null); // Lost with the connection: it is sent again
    const current = connection === this.#connection && entry.sent && this.#queues.get(entry.channel)?.includes(entry);
    if (module && current && entry.onprogress) {
      this.#uploadProgress ??= new module.UploadProgress();
      this.#uploadProgress.watch(entry, size, part, entry.onprogress);
    }
  }

  /**
   * @param {PendingPublish} entry
   * @param {ParleyError} error
   */
  #rejected(entry, error) {
    entry.failures += error.name === 'internal' ? 1 : 0;
    if (!error.retry || entry.failures >= MAX_FAILURES) {
      this.#fail(entry, error);
    } else {
      entry.sent = false;
      this.#uploadProgress?.forget(entry);
      this.#retryTimer ??= setTimeout(() => this.#retry(), this.#backoff.next());
    }
  }

  /**
   * @param {PendingPublish} entry
   * @param {Error} error
   */
  #fail(entry, error) {
    this.#remove(entry);
    entry.reject(error);
  }

  /** @param {PendingPublish} entry */
  #remove(entry) {
    this.#uploadProgress?.forget(entry);
    const { channel } = entry;
    const rest = this.#queues.get(channel)?.filter(other => other !== entry);
    if (rest?.length) {
      this.#queues.set(channel, rest);
    } else {
      this.#queues.delete(channel);
    }
    this.#send();
  }
}

/**
 * A copy: a retry with the same key must have the same content.
 *
 * @param {unknown} content
 * @returns {{data?: unknown, bytes?: Blob, size: number}}
 */
function snapshot(content) {
  if (content instanceof Blob) {
    return { bytes: content, size: content.size };
  }
  const json = JSON.stringify(content);
  if (!json) {
    throw new TypeError('Published is a JSON value, or bytes.');
  }
  return { data: JSON.parse(json), size: json.length };
}
