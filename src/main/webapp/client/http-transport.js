import { Backoff } from './backoff.js';
import { Cursors } from './cursors.js';
import { LOST, ParleyError } from './errors.js';
import { readEvents } from './event-stream.js';
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
/** So long a stream may take to begin before the page is shown what there is. */
const MEANWHILE = 800;
/** Of a page that nobody sees; a browser slows its timers down too. */
const UNSEEN = 12_000;
/** So many of those, and it rests until somebody looks. */
const REST_AFTER = 25;
const REST = 24 * 60 * 60_000;

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
  #terms;
  #posts;
  #cursors = new Cursors();
  #over = new AbortController();
  /** Ends the request that reads. */
  #reading = this.#over;
  /** Before the next one; undefined while one is under way. @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #pause = SOON;
  #unseen = 0;
  #backoff = new Backoff({ first: 1_000, longest: 10_000 });
  /** What the next answer is an answer to. @type {WireRecord[]} */
  #pongs = [];

  /**
   * @param {TransportName} name
   * @param {TransportListener} listener
   * @param {Terms} terms
   */
  constructor(name, listener, terms) {
    this.#name = name;
    this.#listener = listener;
    this.#terms = terms;
    this.#posts = new Posts(terms.api, this.#over.signal);
    queueMicrotask(() => listener.opened());
  }

  get buffered() {
    return this.#posts.buffered;
  }

  /**
   * @param {Record<string, any>} command
   * @param {Blob} [bytes]
   */
  async send({ id, ...command }, bytes) {
    const [[name, body]] = Object.entries(command);
    if (name === 'subscribe') {
      this.#cursors.open(id, body);
      this.#read();
    } else if (name === 'ping' && this.#cursors.size > 0 && !this.#rests) {
      // Who asks doubts that anything can be read: so it is read anew, and another request would prove nothing.
      this.#pongs.push({ id, pong: {} });
      this.#read();
    } else {
      try {
        this.#tell({ id, [name]: await this.#result(name, body, bytes) });
      } catch (/** @type {any} */ error) {
        if (name === 'connect' && error.name === LOST) {
          this.#end(NO_ANSWER);
        } else {
          this.#tell({ id, error });
        }
      }
    }
  }

  close() {
    this.#over.abort();
    this.#reading.abort();
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
        return this.#ask(`${channelPath(body)}/messages?limit=${body.limit}&before=${body.before ?? ''}`);
      case 'presence':
        return this.#cursors.takePresent(body.channel) ?? this.#ask(`${channelPath(body)}/presence`);
      case 'unsubscribe':
        this.#tell(...this.#cursors.close(body.channel));
        this.#read();
        return body;
      case 'refresh':
        this.#terms.api.renew(body.token);
        this.#read();
        break;
      case 'connect':
        this.#terms.api.identify(body);
        break;
      case 'ping':
        if (this.#rests) {
          return body;
        }
    }
    return this.#ask('connection', this.#terms.patience);
  }

  /**
   * @param {string} path
   * @param {number} [patience]
   */
  #ask(path, patience = PATIENCE) {
    return this.#terms.api.ask(path, this.#over.signal, patience);
  }

  /**
   * @param {any} message
   * @param {Blob} [bytes]
   */
  async #publish(message, bytes) {
    const published = await this.#posts.publish(message, bytes);
    this.#pause = SOON;
    if (this.#timer) {
      this.#later(0);
    }
    return published;
  }

  get #rests() {
    return this.#unseen > REST_AFTER && hidden();
  }

  /** Reads anew, from where each channel stands, once all is done that is done now. */
  #read() {
    if (this.#reading !== this.#over) {
      this.#reading.abort();
    }
    this.#later(0);
  }

  /** @param {number} pause */
  #later(pause) {
    clearTimeout(this.#timer);
    if (!this.#over.signal.aborted) {
      this.#timer = setTimeout(() => this.#begin(), pause);
    }
  }

  async #begin() {
    const queries = this.#cursors.queries();
    const { signal } = (this.#reading = new AbortController());
    this.#timer = undefined;
    try {
      if (this.#name === 'sse' && queries.length === 1) {
        await this.#stream(queries[0], signal);
      } else if (queries.length > 0) {
        await this.#poll(queries, signal);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#failed(/** @type {ParleyError} */ (error));
      }
    }
  }

  /** Milliseconds in which something should be heard, in whole seconds. */
  get #beat() {
    return Math.max(Math.floor(Math.min(this.#terms.quiet, LONGEST_WAIT) / 1_000), 1);
  }

  /**
   * @param {URLSearchParams[]} queries
   * @param {AbortSignal} signal
   */
  async #poll(queries, signal) {
    const waits = this.#name !== 'polling' && queries.length === 1;
    const wait = waits && !this.#cursors.fresh && this.#pongs.length === 0 ? this.#beat : 0;
    let news = false;
    for (const query of queries) {
      const answer = await this.#terms.api.ask(`messages?${query}&wait=${wait}`, signal, wait * 1_000 + PATIENCE);
      news = this.#came(answer) || news;
    }
    if (!signal.aborted) {
      const pause = this.#next(news);
      this.#later(this.#cursors.behind || (waits && !this.#rests) ? 0 : pause);
    }
  }

  /**
   * The pause before the next poll.
   *
   * @param {boolean} news
   */
  #next(news) {
    this.#pause = news ? SOON : Math.min(this.#pause * 1.5, LATER);
    this.#unseen = hidden() ? this.#unseen + 1 : 0;
    return this.#rests ? REST : this.#unseen ? UNSEEN : this.#pause * (1 - Math.random() / 4);
  }

  /**
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   */
  async #stream(query, signal) {
    const beat = this.#beat;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let silence;
    const expect = (/** @type {number} */ patience, /** @type {number} */ code) => {
      clearTimeout(silence);
      silence = setTimeout(() => this.#end(code), patience);
    };
    let begun = false;
    expect(this.#terms.patience, CARRIES_NOTHING);
    const meanwhile = setTimeout(() => begun || this.#peek(query, signal), MEANWHILE);
    try {
      const response = await this.#terms.api.open(`events?${query}&heartbeat=${beat}`, { signal });
      for await (const events of readEvents(response)) {
        const messages = [];
        for (const { type, data } of events) {
          const record = JSON.parse(data);
          if (type === 'subscribed') {
            begun = true;
            this.#came(record);
          } else if (type === 'disconnect') {
            this.#tell(record);
          } else {
            messages.push(record);
          }
        }
        this.#tell(...this.#cursors.take({ messages }));
        if (begun) {
          expect(beat * 1_000 + PATIENCE / 2, SILENT);
        }
      }
      throw ParleyError.connectionLost();
    } finally {
      clearTimeout(silence);
      clearTimeout(meanwhile);
    }
  }

  /**
   * What can be had at once, while a stream says nothing: it may be held up on its way. Should it come after all, what is
   * read twice is told once.
   *
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   */
  async #peek(query, signal) {
    try {
      this.#came(await this.#terms.api.ask(`messages?${query}`, signal, PATIENCE));
    } catch {
      // The stream's end tells why.
    }
  }

  /**
   * @param {{channels?: WireRecord[], messages?: WireRecord[]}} answer
   * @returns {boolean} whether something is new
   */
  #came(answer) {
    const records = this.#cursors.take(answer);
    this.#backoff.reset();
    this.#tell(...records, ...this.#pongs.splice(0));
    return records.length > 0;
  }

  /** @param {any} error of who read */
  #failed(error) {
    if (!(error instanceof ParleyError) || error.name === LOST) {
      this.#end(error.code === SILENT ? SILENT : NO_ANSWER);
    } else if (error.code === 401) {
      // The credentials are no good any more; but if they have only expired, fresh ones may be.
      const { code, name } = error;
      this.#tell({ disconnect: { code, name, reconnect: name === 'token-expired' } });
      this.#end(NO_ANSWER);
    } else if (error.retry) {
      this.#later(Math.max(error.pause, this.#backoff.next()));
    } else {
      this.#tell(...this.#cursors.refuse(error));
    }
  }

  /** @param {WireRecord[]} records */
  #tell(...records) {
    if (!this.#over.signal.aborted) {
      this.#listener.received(records);
    }
  }

  /** @param {number} code */
  #end(code) {
    if (!this.#over.signal.aborted) {
      this.close();
      this.#listener.closed({ code, reason: code === SILENT ? 'silent' : '' });
    }
  }
}

const hidden = () => globalThis.document?.hidden;
