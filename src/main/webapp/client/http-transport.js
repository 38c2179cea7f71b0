import { Backoff } from './backoff.js';
import { Cursors, isBehind } from './cursors.js';
import { ParleyError } from './errors.js';
import { EventStream } from './event-stream.js';
import { channelPath, Posts } from './posts.js';
import { CARRIES_NOTHING, NO_ANSWER, SILENT } from './transport.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Terms, Transport, TransportFactory, TransportListener, TransportName } from './transport.js' */

const PATIENCE = 10_000;
/** A long poll waits no longer, a stream says something as often: the server forgets who is silent for twenty seconds. */
const LONGEST_WAIT = 15_000;
/** Between two polls: while something happens, and at most while nothing does. */
const SOON = 400;
const LATER = 4_000;
/** Of a page that nobody sees; a browser slows its timers down too. */
const UNSEEN = 12_000;
/** So many of those, and it rests until somebody looks. */
const REST_AFTER = 25;
const REST = 24 * 60 * 60_000;

/** What the server's answer to who reads comes to as the end of a connection. @type {Record<string, number>} */
const ENDINGS = { 'token-expired': 4001, 'revoked': 4104 };

/**
 * The same conversation by requests. One of them reads all channels, each from where it stands, so that a further
 * channel only begins it anew, and whatever ends it loses nothing; a stream is read as it comes (`fetch` rather than
 * `EventSource`, so that a token can go along), a long poll is asked again when it is answered, a poll after a pause.
 * Commands are requests of their own.
 *
 * @param {TransportName} name
 * @returns {TransportFactory}
 */
export function httpTransport(name) {
  return (_, listener, terms) => new HttpTransport(name, listener, terms);
}

/** @implements {Transport} */
class HttpTransport {
  #name;
  #listener;
  #api;
  #terms;
  #posts;
  #cursors = new Cursors();
  #over = new AbortController();
  /** The one that reads. @type {AbortController | undefined} */
  #reading;
  #asking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #pause = SOON;
  #unseen = 0;
  #backoff = new Backoff({ first: 1_000, longest: 10_000 });
  /** Pings that the next answer is one to. @type {number[]} */
  #pings = [];

  /**
   * @param {TransportName} name
   * @param {TransportListener} listener
   * @param {Terms} terms
   */
  constructor(name, listener, terms) {
    this.#name = name;
    this.#listener = listener;
    this.#terms = terms;
    this.#api = terms.api;
    this.#posts = new Posts(terms.api, this.#over.signal);
    queueMicrotask(() => this.#isOver || listener.opened());
  }

  get buffered() {
    return this.#posts.buffered;
  }

  /**
   * @param {Record<string, any>} command
   * @param {Blob} [bytes]
   */
  send({ id, ...command }, bytes) {
    const [[name, body]] = Object.entries(command);
    if (name === 'subscribe') {
      this.#cursors.open(id, body);
      this.#read();
    } else if (name === 'ping' && this.#cursors.size > 0) {
      this.#ping(id);
    } else {
      this.#carryOut(id, name, body, bytes);
    }
  }

  close() {
    this.#over.abort();
    this.#reading?.abort();
    clearTimeout(this.#timer);
  }

  get #isOver() {
    return this.#over.signal.aborted;
  }

  /**
   * @param {number} id
   * @param {string} name
   * @param {any} body
   * @param {Blob} [bytes]
   */
  async #carryOut(id, name, body, bytes) {
    try {
      this.#tell([{ id, [name]: await this.#result(name, body, bytes) }]);
    } catch (thrown) {
      const { code, name: word, message, retry } = /** @type {ParleyError} */ (thrown);
      if (name === 'connect' && word === 'connection-lost') {
        this.#end(NO_ANSWER, '');
      } else {
        this.#tell([{ id, error: { code, name: word, message, retry } }]);
      }
    }
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
        return this.#ask(`${channelPath(body)}/messages?limit=${body.limit}&before=${body.before ?? ''}`);
      case 'presence':
        return this.#present(body);
      case 'unsubscribe':
        this.#tell(this.#cursors.close(body.channel));
        this.#read();
        return body;
      case 'refresh':
        this.#api.renew(body.token);
        this.#read();
        return this.#ask('connection');
      case 'connect':
        this.#api.identify(body);
        return this.#ask('connection', this.#terms.patience);
      default:
        return this.#ask('connection');
    }
  }

  /** @param {{channel: string}} of */
  #present(of) {
    const present = this.#cursors.takePresent(of.channel);
    if (present === null) {
      throw new ParleyError({ code: 403, name: 'not-allowed' });
    }
    return present ?? this.#ask(`${channelPath(of)}/presence`);
  }

  /**
   * @param {string} path
   * @param {number} [patience]
   */
  async #ask(path, patience = PATIENCE) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    const stop = () => abort.abort();
    this.#over.signal.addEventListener('abort', stop);
    try {
      return await this.#api.ask(path, { signal: abort.signal });
    } finally {
      clearTimeout(timer);
      this.#over.signal.removeEventListener('abort', stop);
    }
  }

  /**
   * Who asks doubts that something can be read, so it is read anew; another request would prove nothing.
   *
   * @param {number} id
   */
  #ping(id) {
    if (this.#resting) {
      this.#tell([{ id, pong: {} }]);
      return;
    }
    this.#pings.push(id);
    this.#read();
  }

  /**
   * Something is said, so it and an answer will soon be there to be read.
   *
   * @param {any} message
   * @param {Blob} [bytes]
   */
  async #publish(message, bytes) {
    const published = await this.#posts.publish(message, bytes);
    this.#pause = SOON;
    if (this.#name === 'polling' && message.key && this.#reading?.signal.aborted === false && !this.#asking) {
      this.#later(0);
    }
    return published;
  }

  get #resting() {
    return hidden() && this.#unseen >= REST_AFTER;
  }

  /** Reads anew, from where each channel stands, once all is done that is done now. */
  #read() {
    this.#reading?.abort();
    this.#later(0);
  }

  /** @param {number} pause */
  #later(pause) {
    clearTimeout(this.#timer);
    if (!this.#isOver) {
      this.#timer = setTimeout(() => this.#begin(), pause);
    }
  }

  async #begin() {
    const queries = this.#cursors.queries();
    if (queries.length === 0) {
      return;
    }
    const reading = new AbortController();
    this.#reading = reading;
    this.#asking = true;
    try {
      if (this.#name === 'sse' && queries.length === 1) {
        await this.#stream(queries[0], reading);
      } else {
        await this.#poll(queries, reading);
      }
    } catch (error) {
      if (reading === this.#reading && !reading.signal.aborted) {
        this.#failed(/** @type {ParleyError} */ (error));
      }
    } finally {
      this.#asking &&= reading !== this.#reading;
    }
  }

  /**
   * @param {URLSearchParams[]} queries
   * @param {AbortController} reading
   */
  async #poll(queries, reading) {
    const waits = this.#name !== 'polling' && queries.length === 1 && !this.#cursors.fresh && this.#pings.length === 0;
    const wait = waits ? Math.floor(Math.min(this.#terms.quiet, LONGEST_WAIT) / 1_000) : 0;
    let [news, behind] = [false, false];
    for (const query of queries) {
      query.set('wait', String(wait));
      const silence = setTimeout(() => this.#silent(reading), wait * 1_000 + PATIENCE);
      try {
        const answer = await this.#api.ask(`messages?${query}`, { signal: reading.signal });
        if (reading.signal.aborted) {
          return;
        }
        this.#came(answer);
        news ||= answer.messages.length > 0;
        behind ||= isBehind(answer);
      } finally {
        clearTimeout(silence);
      }
    }
    const next = this.#next(news);
    this.#later(behind || (this.#name !== 'polling' && queries.length === 1 && next < REST) ? 0 : next);
  }

  /**
   * The pause before the next poll.
   *
   * @param {boolean} news
   */
  #next(news) {
    this.#pause = news ? SOON : Math.min(this.#pause * 1.5, LATER);
    if (!hidden()) {
      this.#unseen = 0;
      return this.#pause * (0.8 + 0.4 * Math.random());
    }
    this.#unseen++;
    return this.#resting ? REST : UNSEEN;
  }

  /**
   * @param {URLSearchParams} query
   * @param {AbortController} reading
   */
  async #stream(query, reading) {
    const beat = Math.max(Math.floor(Math.min(this.#terms.quiet, LONGEST_WAIT) / 1_000), 1);
    query.set('heartbeat', String(beat));
    let silence = setTimeout(() => this.#silent(reading, CARRIES_NOTHING), this.#terms.patience);
    try {
      const response = await this.#api.open(`events?${query}`, { signal: reading.signal });
      const stream = new EventStream();
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      let begun = false;
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (reading.signal.aborted) {
          return;
        }
        const events = stream.read(part.value);
        begun ||= events.length > 0;
        if (begun) {
          clearTimeout(silence);
          silence = setTimeout(() => this.#silent(reading), beat * 1_000 + PATIENCE / 2);
        }
        this.#happened(events);
      }
      throw ParleyError.connectionLost();
    } finally {
      clearTimeout(silence);
    }
  }

  /** @param {{type: string, data: string}[]} events */
  #happened(events) {
    const messages = [];
    for (const { type, data } of events) {
      const record = JSON.parse(data);
      if (type === 'subscribed') {
        this.#came(record);
      } else if (type === 'disconnect') {
        messages.push({ disconnect: record.disconnect ?? record });
      } else {
        messages.push(record);
      }
    }
    this.#tell([...this.#cursors.take({ messages: messages.filter(record => !record.disconnect) }),
      ...messages.filter(record => record.disconnect)]);
  }

  /** @param {{channels?: WireRecord[], messages?: WireRecord[]}} answer */
  #came(answer) {
    this.#backoff.reset();
    const pongs = this.#pings.splice(0).map(id => ({ id, pong: {} }));
    this.#tell([...this.#cursors.take(answer), ...pongs]);
  }

  /** @param {ParleyError} error of who read */
  #failed(error) {
    if (!(error instanceof ParleyError) || error.name === 'connection-lost') {
      this.#end(NO_ANSWER, '');
    } else if (error.code === 401) {
      const code = ENDINGS[error.name] ?? 4101;
      this.#tell([{ disconnect: { code, name: error.name, reconnect: code < 4100 } }]);
      this.#end(code, error.name);
    } else if (error.retry) {
      this.#later(Math.max(error.pause, this.#backoff.next()));
    } else {
      const { code, name, message, retry } = error;
      this.#tell(this.#cursors.refuse({ code, name, message, retry }));
    }
  }

  /**
   * @param {AbortController} reading
   * @param {number} [code]
   */
  #silent(reading, code = SILENT) {
    if (!reading.signal.aborted) {
      this.#end(code, 'silent');
    }
  }

  /** @param {WireRecord[]} records */
  #tell(records) {
    if (!this.#isOver) {
      this.#listener.received(records);
    }
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #end(code, reason) {
    if (!this.#isOver) {
      this.close();
      this.#listener.closed({ code, reason });
    }
  }
}

function hidden() {
  return globalThis.document?.hidden ?? false;
}
