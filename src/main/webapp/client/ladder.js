import { CARRIES_NOTHING, NO_ANSWER, SILENT } from './transport.js';
/** @import { TransportName } from './transport.js' */

/**
 * How a connection ended.
 *
 * @typedef {object} Ending
 * @property {number} code
 * @property {boolean} told the server said why
 * @property {number} life milliseconds
 * @property {number} silence milliseconds before the end in which nothing came
 */

/** @type {TransportName[]} */
export const ALL = ['websocket', 'sse', 'long-polling', 'polling'];

/** A connection that lasted so long was a good one. */
export const GOOD = 5_000;
/** So often in a row a transport may end early before the next one is tried. */
const STRIKES = 2;
const QUIET = 25_000;
/** Silence that is cut is broken in time, but not more often than this. */
const LEAST_CUT = 1_500;
const FIRST_PATIENCE = 4_000;
const LONGEST_PATIENCE = 16_000;
/** What worked is tried first for so long: the way to the server may be another tomorrow. */
const REMEMBERED = 60 * 60_000;

/**
 * Which way to the server to take, from what has become of those that were taken: down where one does not open, opens
 * and carries nothing, or ends again and again; up only when somebody has seen a better one work.
 *
 * A hard case: what is cut after three seconds of silence is no bad transport, it must only never be silent for so long.
 * Two cuts after the same silence tell.
 */
export class Ladder {
  #names;
  #key;
  #at = 0;
  #strikes = 0;
  /** Milliseconds of silence that a connection bears. */
  quiet = QUIET;
  /** Milliseconds to wait for its first sign of life. */
  patience = FIRST_PATIENCE;
  #cut = 0;

  /**
   * @param {TransportName[]} names those that may be taken, the best first
   * @param {string} server what is remembered is of this one
   */
  constructor(names, server) {
    this.#names = names;
    this.#key = `parley.transport ${server}`;
    const { name, quiet = QUIET, at = 0 } = remember(this.#key);
    if (Date.now() - at < REMEMBERED && names.includes(name)) {
      this.#at = names.indexOf(name);
      this.quiet = quiet;
    }
  }

  get name() {
    return this.#names[this.#at];
  }

  /** Those that would be better, the best first. */
  get above() {
    return this.#names.slice(0, this.#at);
  }

  /** Those that ask for less. */
  get below() {
    return this.#names.slice(this.#at + 1);
  }

  /**
   * It did not open.
   *
   * @returns {boolean} whether to try the next one at once
   */
  failed() {
    // The others begin with the same request: where that fails, the server cannot be reached at all.
    if (this.name === 'websocket' && this.#down()) {
      return true;
    }
    this.#at = 0;
    this.patience = Math.min(this.patience * 2, LONGEST_PATIENCE);
    return false;
  }

  /**
   * It opened.
   *
   * @param {TransportName} name
   */
  opened(name) {
    this.#at = this.#names.indexOf(name);
  }

  /** It has lasted. */
  good() {
    this.#strikes = 0;
    this.patience = FIRST_PATIENCE;
    remember(this.#key, { name: this.name, quiet: this.quiet, at: Date.now() });
  }

  /**
   * It ended.
   *
   * @param {Ending} ending
   * @returns {boolean} whether to try the next one at once
   */
  ended({ code, life, silence }) {
    if (code === CARRIES_NOTHING) {
      return this.#down();
    }
    if (code === NO_ANSWER && this.#isCut(silence)) {
      this.quiet = Math.min(this.quiet, 0.6 * silence);
      this.#strikes = 0;
      return false;
    }
    this.#strikes = life < GOOD || code === SILENT ? this.#strikes + 1 : 0;
    return this.#strikes >= STRIKES && this.#down();
  }

  /** @param {number} silence */
  #isCut(silence) {
    const again = silence >= LEAST_CUT && Math.abs(silence - this.#cut) < silence / 4;
    this.#cut = silence;
    return again;
  }

  #down() {
    const lower = this.#at + 1 < this.#names.length;
    this.#at += lower ? 1 : 0;
    this.#strikes = 0;
    return lower;
  }
}

/**
 * @param {string} key
 * @param {object} [what] to be kept
 * @returns {any} what was kept; a browser that keeps nothing finds out each time
 */
function remember(key, what) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (what) {
      localStorage.setItem(key, JSON.stringify(what));
    }
    return kept;
  } catch {
    return {};
  }
}
