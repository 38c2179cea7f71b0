import { ABNORMAL_CLOSURE, HEARTBEAT_TIMEOUT, NO_DATA } from './transport.js';
/** @import { TransportName } from './transport.js' */

/**
 * What the end of a connection says about its transport.
 *
 * @typedef {object} CloseDetails
 * @property {number} code
 * @property {boolean} byServer with a code or reason of the server's own
 * @property {number} lifetime milliseconds
 * @property {number} silence milliseconds before the end in which nothing was received
 */

/** @type {TransportName[]} */
export const TRANSPORTS = ['websocket', 'sse', 'long-polling', 'polling'];

/** A connection that has lasted so long is stable. */
export const STABLE_AFTER = 5_000;
/** So many connections in a row that were never stable, and it falls back. */
const MAX_EARLY_CLOSES = 2;
const PING_INTERVAL = 25_000;
/** Pings come no more often than such an idle timeout asks for. */
const MIN_IDLE_TIMEOUT = 1_500;
const FIRST_TIMEOUT = 4_000;
const MAX_TIMEOUT = 16_000;
/** What worked is tried first for so long: tomorrow it may be another network. */
const MEMORY_AGE = 60 * 60_000;

/**
 * The transport to use, by the outcome of the connections so far. It falls back where a transport does not open, opens
 * and receives nothing, or closes early again and again; it upgrades only once a better one was seen to work.
 *
 * A hard case is a proxy with an idle timeout of three seconds: the transport is good, and only needs a ping more often.
 * Two connections that closed after the same silence show it.
 */
export class TransportFallback {
  #transports;
  #key;
  #index = 0;
  /** What was seen to work last: a server that is away says nothing about it. */
  #best = 0;
  #earlyCloses = 0;
  /** The heartbeat's interval in milliseconds, below the idle timeout of whatever is on the way. */
  quiet = PING_INTERVAL;
  /** The connect timeout in milliseconds. */
  patience = FIRST_TIMEOUT;
  #lastSilence = 0;

  /**
   * @param {TransportName[]} names in fallback order
   * @param {string} server whose memory this is; who may use other transports has one of its own
   */
  constructor(names, server) {
    this.#transports = names;
    this.#key = `parley.transport ${server} ${names}`;
    const { name, quiet = PING_INTERVAL, at = 0 } = remember(this.#key);
    if (Date.now() - at < MEMORY_AGE && names.includes(name)) {
      this.#index = this.#best = names.indexOf(name);
      this.quiet = quiet;
    }
  }

  get name() {
    return this.#transports[this.#index];
  }

  /** To upgrade to, the best first. */
  get better() {
    return this.#transports.slice(0, this.#index);
  }

  /** To fall back to, the next first. */
  get simpler() {
    return this.#transports.slice(this.#index + 1);
  }

  /**
   * It did not open.
   *
   * @returns {boolean} whether it has fallen back, so that the next one is tried at once
   */
  failed() {
    // The others begin with the same request: where that fails, the server cannot be reached at all.
    if (this.name === 'websocket' && this.#fallBack()) {
      return true;
    }
    this.#index = this.#best;
    this.patience = Math.min(this.patience * 2, MAX_TIMEOUT);
    return false;
  }

  /**
   * It opened.
   *
   * @param {TransportName} name
   */
  opened(name) {
    this.#index = this.#transports.indexOf(name);
  }

  /** It has lasted for `STABLE_AFTER`. */
  stable() {
    this.#best = this.#index;
    this.#earlyCloses = 0;
    this.patience = FIRST_TIMEOUT;
    remember(this.#key, { name: this.name, quiet: this.quiet, at: Date.now() });
  }

  /**
   * It ended.
   *
   * @param {CloseDetails} details
   * @returns {boolean} whether it has fallen back, so that the next one is tried at once
   */
  ended({ code, lifetime, silence }) {
    if (code === NO_DATA) {
      return this.#fallBack();
    }
    if (code === ABNORMAL_CLOSURE && this.#isIdleTimeout(silence)) {
      this.quiet = Math.min(this.quiet, 0.6 * silence);
      this.#earlyCloses = 0;
      return false;
    }
    this.#earlyCloses = lifetime < STABLE_AFTER || code === HEARTBEAT_TIMEOUT ? this.#earlyCloses + 1 : 0;
    return this.#earlyCloses >= MAX_EARLY_CLOSES && this.#fallBack();
  }

  /** @param {number} silence */
  #isIdleTimeout(silence) {
    const again = silence >= MIN_IDLE_TIMEOUT && Math.abs(silence - this.#lastSilence) < silence / 4;
    this.#lastSilence = silence;
    return again;
  }

  #fallBack() {
    const lower = this.#index + 1 < this.#transports.length;
    this.#index += lower ? 1 : 0;
    this.#earlyCloses = 0;
    return lower;
  }
}

/**
 * @param {string} key
 * @param {object} [value] to be stored
 * @returns {any} the stored value, or an empty one where the browser stores nothing
 */
function remember(key, value) {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (value) {
      localStorage.setItem(key, JSON.stringify(value));
    }
    return stored;
  } catch {
    return {};
  }
}
