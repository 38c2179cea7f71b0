import { CONNECTION_LOST, ParleyError } from './errors.js';
/** @import { Connection } from './connection.js' */

/**
 * A token, or a function that fetches one: called each time one is needed, and should not return one that has expired.
 *
 * @typedef {string | (() => string | Promise<string>)} TokenSource
 */

/** Before the token expires, or else when a third of its lifetime is left. */
const REFRESH_LEAD = 60_000;
const MIN_REFRESH_DELAY = 1_000;
/** By a wrong clock a token may have expired that the server has just accepted. */
const CLOCK_SKEW_DELAY = 10_000;
const RETRY_DELAY = 5_000;
/** `setTimeout` overflows at 24.8 days. */
const MAX_REFRESH_DELAY = 24 * 60 * 60_000;

/** What this client authenticates with, and the refresh of a token before it expires. */
export class Credentials {
  #token;
  #listener;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {{name?: string, secret?: string, token?: TokenSource}} known
   * @param {object} listener
   * @param {(token: string) => void} listener.renewed there is a fresh token
   * @param {(error: ParleyError) => void} listener.failed a token could not be refreshed
   */
  constructor({ name, secret, token }, listener) {
    this.name = name;
    this.secret = secret;
    this.#token = token;
    this.#listener = listener;
  }

  /**
   * The body of `connect`.
   *
   * @throws {ParleyError} when there should be a token, and none could be fetched
   */
  async current() {
    return { name: this.name, secret: this.secret, token: await this.#newToken() };
  }

  /**
   * Whether the handshake may be retried: with the same credentials, or with a fresh token.
   *
   * @param {ParleyError} error
   */
  canRetry(error) {
    return error.retry || (error.name === 'token-expired' && typeof this.#token === 'function');
  }

  /**
   * The server has accepted them, on this connection and until `expires`.
   *
   * @param {Connection} connection
   * @param {{secret?: string, expires?: string}} accepted
   */
  accepted(connection, { secret, expires }) {
    this.secret = secret ?? this.secret;
    this.#scheduleRefresh(connection, expires);
  }

  /** Refreshes no more. */
  stop() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {Connection} connection
   * @param {string | undefined} expires
   */
  #scheduleRefresh(connection, expires) {
    clearTimeout(this.#timer);
    if (typeof this.#token === 'function' && expires) {
      const left = Date.parse(expires) - Date.now();
      const delay = left > 0 ? Math.max(left - Math.min(REFRESH_LEAD, left / 3), MIN_REFRESH_DELAY) : CLOCK_SKEW_DELAY;
      this.#timer = setTimeout(() => this.#refresh(connection), Math.min(delay, MAX_REFRESH_DELAY));
    }
  }

  /** @param {Connection} connection */
  async #refresh(connection) {
    const timer = this.#timer;
    try {
      const token = /** @type {string} */ (await this.#newToken());
      this.#listener.renewed(token);
      const { expires } = await connection.request('refresh', { token });
      if (this.#timer === timer) {
        this.#scheduleRefresh(connection, expires);
      }
    } catch (error) {
      if (this.#timer === timer && /** @type {ParleyError} */ (error).name !== CONNECTION_LOST) {
        this.#listener.failed(/** @type {ParleyError} */ (error));
        this.#timer = setTimeout(() => this.#refresh(connection), RETRY_DELAY);
      }
    }
  }

  async #newToken() {
    try {
      return typeof this.#token === 'function' ? await this.#token() : this.#token;
    } catch (cause) {
      throw ParleyError.noToken(cause);
    }
  }
}
