import { ParleyError } from './errors.js';
/** @import { Connection } from './connection.js' */

/**
 * A token, or what gets one: it is asked each time one is needed, and should not give one that has expired.
 *
 * @typedef {string | (() => string | Promise<string>)} TokenSource
 */

/** A token is renewed so long before it expires, or when a third of its life is left. */
const LEAD = 60_000;
const SOONEST = 1_000;
/** A clock that is wrong may say that a token has expired which the server has just taken. */
const DOUBTFUL = 10_000;
const AGAIN = 5_000;
/** A browser's timers cannot be set for much longer than three weeks. */
const LATEST = 24 * 60 * 60_000;

/** What this client shows the server of who it is, and the renewal of a token before it expires. */
export class Credentials {
  #token;
  #failed;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {{name?: string, secret?: string, token?: TokenSource}} known
   * @param {(error: ParleyError) => void} failed a token could not be renewed
   */
  constructor({ name, secret, token }, failed) {
    this.name = name;
    this.secret = secret;
    this.#token = token;
    this.#failed = failed;
  }

  /**
   * What stands in `connect`.
   *
   * @throws {ParleyError} when there should be a token, and is none
   */
  async shown() {
    return { name: this.name, secret: this.secret, token: await this.#current() };
  }

  /**
   * Whether another try may go better with the same credentials.
   *
   * @param {ParleyError} error
   */
  mayHelp(error) {
    return error.retry || (error.name === 'token-expired' && typeof this.#token === 'function');
  }

  /**
   * The server has taken them, on this connection and until `expires`.
   *
   * @param {Connection} connection
   * @param {{secret?: string, expires?: string}} taken
   */
  taken(connection, { secret, expires }) {
    this.secret = secret ?? this.secret;
    this.#plan(connection, expires);
  }

  /** The connection is gone. */
  stop() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {Connection} connection
   * @param {string | undefined} expires
   */
  #plan(connection, expires) {
    clearTimeout(this.#timer);
    const left = expires === undefined ? NaN : Date.parse(expires) - Date.now();
    if (typeof this.#token === 'function' && !Number.isNaN(left)) {
      const pause = left > 0 ? Math.max(left - Math.min(LEAD, left / 3), SOONEST) : DOUBTFUL;
      this.#timer = setTimeout(() => this.#renew(connection), Math.min(pause, LATEST));
    }
  }

  /** @param {Connection} connection */
  async #renew(connection) {
    const timer = this.#timer;
    try {
      const token = await this.#current();
      const { expires } = await connection.request('refresh', { token });
      if (this.#timer === timer) {
        this.#plan(connection, expires);
      }
    } catch (error) {
      if (this.#timer === timer && /** @type {ParleyError} */ (error).name !== 'connection-lost') {
        this.#failed(/** @type {ParleyError} */ (error));
        this.#timer = setTimeout(() => this.#renew(connection), AGAIN);
      }
    }
  }

  async #current() {
    if (typeof this.#token !== 'function') {
      return this.#token;
    }
    try {
      return await this.#token();
    } catch (cause) {
      throw ParleyError.noToken(cause);
    }
  }
}
