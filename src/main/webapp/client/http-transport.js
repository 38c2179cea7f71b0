import { Backoff } from './backoff.js';
import { readLine } from './codec.js';
import { Cursors } from './cursors.js';
import { CONNECTION_LOST, ParleyError } from './errors.js';
import { readEvents } from './event-stream.js';
import { channelPath, HttpPublisher } from './http-publisher.js';
import { ABNORMAL_CLOSURE, HEARTBEAT_TIMEOUT, NO_DATA } from './transport.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Transport, TransportFactory, TransportListener, TransportName, TransportOptions } from './transport.js' */

const REQUEST_TIMEOUT = 10_000;
/** Of a long poll, and the heartbeat of a stream: the client's lease at the server is twenty seconds. */
const MAX_WAIT = 15_000;
/** Grows from one to the other while nothing is received. */
const MIN_POLL_INTERVAL = 400;
const MAX_POLL_INTERVAL = 4_000;
/** For a stream to start, before there is one poll beside it. */
const STREAM_START_TIMEOUT = 800;
/** Of a hidden page; a browser throttles its timers too. */
const HIDDEN_POLL_INTERVAL = 12_000;
/** What a WebSocket brings with the message, in bytes: `parley.limits.inline-size`, by default. */
const INLINE_SIZE = 64 * 1024;
/** So many of those, and polling is suspended until the page is visible. */
const SUSPEND_AFTER = 25;
const SUSPENDED_POLL_INTERVAL = 24 * 60 * 60_000;

/**
 * The same protocol by HTTP requests. One of them reads all channels (several where they are very many), each from its
 * cursor, so that a further subscription only restarts it, and whatever ends it loses nothing. Server-sent events are read
 * as they come (by `fetch` rather than `EventSource`, so that a token can be sent), a long poll is repeated at once, a poll
 * after an interval. Commands are requests of their own.
 *
 * The hard case is a message of bytes: a WebSocket brings small ones along, and here only their address comes. They are
 * fetched, and what follows waits for them, so that a message is the same and in its place whatever carried it.
 *
 * @param {TransportName} name
 * @returns {TransportFactory}
 */
export function httpTransport(name) {
  return (_, listener, options) => new HttpTransport(name, listener, options);
}

/** @implements {Transport} */
class HttpTransport {
  #name;
  #listener;
  #options;
  #publisher;
  #cursors = new Cursors();
  #closed = new AbortController();
  /** Aborts the request that reads. */
  #request = new AbortController();
  /** Before the next request; undefined while one is in flight. @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #pollInterval = MIN_POLL_INTERVAL;
  #hiddenPolls = 0;
  #backoff = new Backoff({ first: 1_000, longest: 10_000 });
  /** How many requests the server holds. */
  #held = 1;
  /** What waits for the bytes of a message. @type {Promise<void> | undefined} */
  #delivery;
  /** Replies to pings, with the next answer. @type {WireRecord[]} */
  #pongs = [];

  /**
   * @param {TransportName} name
   * @param {TransportListener} listener
   * @param {TransportOptions} options
   */
  constructor(name, listener, options) {
    this.#name = name;
    this.#listener = listener;
    this.#options = options;
    this.#publisher = new HttpPublisher(options.api, this.#closed.signal);
    queueMicrotask(() => listener.opened());
  }

  get buffered() {
    return this.#publisher.buffered;
  }

  /**
   * @param {Record<string, any>} command
   * @param {Blob} [bytes]
   */
  async send({ id, ...command }, bytes) {
    const [[name, body]] = Object.entries(command);
    if (name === 'subscribe') {
      this.#cursors.open(id, body);
      this.#restart();
    } else if (name === 'ping' && this.#cursors.size > 0 && !this.#suspended) {
      // A ping asks whether anything can be read, which only the request that reads can show.
      this.#pongs.push({ id, pong: {} });
      this.#restart();
    } else {
      try {
        this.#deliver({ id, [name]: await this.#result(name, body, bytes) });
      } catch (/** @type {any} */ error) {
        if (name === 'connect' && error.name === CONNECTION_LOST) {
          this.#end(ABNORMAL_CLOSURE);
        } else {
          this.#deliver({ id, error });
        }
      }
    }
  }

  close() {
    this.#closed.abort();
    this.#request.abort();
    clearTimeout(this.#timer);
  }

  /**
   * @param {string} name
   * @param {any} body
   * @param {Blob} [bytes]
   * @returns {Promise<any>} what stands in the reply
   */
  async #result(name, body, bytes) {
    switch (name) {
      case 'publish':
        return this.#publish(body, bytes);
      case 'history':
        return this.#get(`${channelPath(body)}/messages?limit=${body.limit}&before=${body.before ?? ''}`);
      case 'presence':
        return this.#cursors.takePresence(body.channel) ?? this.#get(`${channelPath(body)}/presence`);
      case 'unsubscribe':
        this.#deliver(...this.#cursors.close(body.channel));
        this.#restart();
        return body;
      case 'refresh':
        this.#restart();
        break;
      case 'ping':
        if (this.#suspended) {
          return body;
        }
    }
    return this.#get('connection', this.#options.patience);
  }

  /**
   * @param {string} path
   * @param {number} [timeout]
   */
  #get(path, timeout = REQUEST_TIMEOUT) {
    return this.#options.api.ask(path, this.#closed.signal, timeout);
  }

  /**
   * @param {any} message
   * @param {Blob} [bytes]
   */
  async #publish(message, bytes) {
    const published = await this.#publisher.publish(message, bytes);
    this.#pollInterval = MIN_POLL_INTERVAL;
    if (this.#timer) {
      this.#schedule(0);
    }
    return published;
  }

  get #suspended() {
    return this.#hiddenPolls > SUSPEND_AFTER && hidden();
  }

  /** Reads on from the cursors by a new request, as soon as the call stack is empty. */
  #restart() {
    this.#request.abort();
    this.#schedule(0);
  }

  /** @param {number} delay */
  #schedule(delay) {
    clearTimeout(this.#timer);
    if (!this.#closed.signal.aborted) {
      this.#timer = setTimeout(() => this.#read(), delay);
    }
  }

  async #read() {
    const groups = this.#cursors.groups();
    this.#request.abort();
    const { signal } = (this.#request = new AbortController());
    this.#timer = undefined;
    this.#hold(groups.length);
    try {
      if (this.#name === 'sse') {
        await Promise.all(groups.map(group => this.#stream(group, signal)));
      } else if (groups.length > 0) {
        await this.#poll(groups, signal);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#failed(/** @type {ParleyError} */ (error));
      }
    }
  }

  /** @param {number} requests */
  #hold(requests) {
    if (this.#name !== 'polling' && requests > 0 && requests !== this.#held) {
      this.#held = requests;
      this.#options.hold?.(requests);
    }
  }

  /** The interval in whole seconds. */
  get #heartbeat() {
    return Math.max(Math.floor(Math.min(this.#options.quiet, MAX_WAIT) / 1_000), 1);
  }

  /**
   * @param {string[][]} groups
   * @param {AbortSignal} signal
   */
  async #poll(groups, signal) {
    const holds = this.#name !== 'polling';
    const wait = holds && !this.#cursors.joining && this.#pongs.length === 0 ? this.#heartbeat : 0;
    let received = false;
    const ask = async (/** @type {string[]} */ group) => {
      const path = `messages?${this.#cursors.query(group)}&wait=${wait}`;
      const answer = await this.#options.api.ask(path, signal, wait * 1_000 + REQUEST_TIMEOUT);
      received = this.#received(answer) || received;
    };
    if (wait > 0) {
      // The next round ends those that still wait, and loses nothing by it
      await Promise.race(groups.map(ask));
    } else {
      for (const group of groups) {
        await ask(group);
      }
    }
    if (!signal.aborted) {
      const interval = this.#nextPollInterval(received);
      this.#schedule(this.#cursors.behind || (holds && !this.#suspended) ? 0 : interval);
    }
  }

  /**
   * With jitter.
   *
   * @param {boolean} received whether the poll before had anything
   */
  #nextPollInterval(received) {
    this.#pollInterval = received ? MIN_POLL_INTERVAL : Math.min(this.#pollInterval * 1.5, MAX_POLL_INTERVAL);
    this.#hiddenPolls = hidden() ? this.#hiddenPolls + 1 : 0;
    if (this.#suspended) {
      return SUSPENDED_POLL_INTERVAL;
    }
    return this.#hiddenPolls ? HIDDEN_POLL_INTERVAL : this.#pollInterval * (1 - Math.random() / 4);
  }

  /**
   * @param {string[]} group
   * @param {AbortSignal} signal
   */
  async #stream(group, signal) {
    const query = this.#cursors.query(group);
    const heartbeat = this.#heartbeat;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timeout;
    const expect = (/** @type {number} */ delay, /** @type {number} */ code) => {
      clearTimeout(timeout);
      timeout = setTimeout(() => this.#end(code), delay);
    };
    let started = false;
    expect(this.#options.patience, NO_DATA);
    const fallback = setTimeout(() => started || this.#pollOnce(query, signal), STREAM_START_TIMEOUT);
    try {
      const response = await this.#options.api.open(`events?${query}&heartbeat=${heartbeat}`, { signal });
      for await (const events of readEvents(response)) {
        const messages = [];
        for (const { type, data } of events) {
          const record = /** @type {any} */ (readLine(data));
          if (type === 'subscribed') {
            started = true;
            this.#received(record);
          } else if (type === 'disconnect') {
            this.#emit([record]);
          } else {
            messages.push(record);
          }
        }
        this.#deliver(...this.#cursors.take({ messages }));
        if (started) {
          expect(heartbeat * 1_000 + REQUEST_TIMEOUT / 2, HEARTBEAT_TIMEOUT);
        }
      }
      throw ParleyError.connectionLost();
    } finally {
      clearTimeout(timeout);
      clearTimeout(fallback);
    }
  }

  /**
   * Beside a stream that has not started: a proxy may buffer it. Should it start after all, the cursors drop what is read
   * twice.
   *
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   */
  async #pollOnce(query, signal) {
    try {
      this.#received(await this.#options.api.ask(`messages?${query}`, signal, REQUEST_TIMEOUT));
    } catch {
      // The stream's own end is what counts.
    }
  }

  /**
   * @param {{channels?: WireRecord[], messages?: WireRecord[]}} answer
   * @returns {boolean} whether something is new
   */
  #received(answer) {
    const records = this.#cursors.take(answer);
    this.#backoff.reset();
    this.#deliver(...records, ...this.#pongs.splice(0));
    return records.length > 0;
  }

  /** @param {any} error of the request that reads */
  #failed(error) {
    if (!(error instanceof ParleyError) || error.name === CONNECTION_LOST) {
      this.#end(error.code === HEARTBEAT_TIMEOUT ? HEARTBEAT_TIMEOUT : ABNORMAL_CLOSURE);
    } else if (error.code === 401) {
      // Credentials that have only expired can be refreshed.
      const { code, name } = error;
      this.#emit([{ disconnect: { code, name, reconnect: name === 'token-expired' } }]);
      this.#end(ABNORMAL_CLOSURE);
    } else if (error.retry) {
      this.#schedule(Math.max(error.pause, this.#backoff.next()));
    } else {
      this.#deliver(...this.#cursors.reject(error));
    }
  }

  /** In order, also where the bytes of some must be fetched first. @param {WireRecord[]} records */
  #deliver(...records) {
    if (!this.#delivery && !records.some(isSmall)) {
      this.#emit(records);
      return;
    }
    const whole = Promise.all(records.map(record => (isSmall(record) ? this.#withBytes(record) : record)));
    const delivery = this.#deliverBehind(this.#delivery, whole);
    this.#delivery = delivery;
    delivery.then(() => {
      if (this.#delivery === delivery) {
        this.#delivery = undefined;
      }
    });
    this.#emit([]);
  }

  /**
   * @param {Promise<void> | undefined} before
   * @param {Promise<WireRecord[]>} records
   */
  async #deliverBehind(before, records) {
    await before;
    this.#emit(await records);
  }

  /**
   * @param {WireRecord} record
   * @returns {Promise<WireRecord>} the same where they cannot be had: it has their address
   */
  async #withBytes({ content, ...record }) {
    try {
      const bytes = await this.#options.api.bytes(content, this.#closed.signal, REQUEST_TIMEOUT);
      return { ...record, bytes };
    } catch {
      return { ...record, content };
    }
  }

  /** @param {WireRecord[]} records */
  #emit(records) {
    if (!this.#closed.signal.aborted) {
      this.#listener.received(records);
    }
  }

  /** @param {number} code */
  #end(code) {
    if (!this.#closed.signal.aborted) {
      this.close();
      this.#listener.closed({ code, reason: code === HEARTBEAT_TIMEOUT ? 'silent' : '' });
    }
  }
}

const hidden = () => globalThis.document?.hidden;

/** Whether a WebSocket would have brought the bytes along. @param {WireRecord} record */
function isSmall({ content, type, size }) {
  return content && size <= INLINE_SIZE && type !== 'application/json';
}
