/**
 * Exponential backoff with jitter: each delay is about twice the one before, up to `longest`, and half of it is random, so
 * that the clients of a server that was restarted do not all reconnect at the same moment.
 */
export class Backoff {
  #first;
  #longest;
  #attempts = 0;

  /**
   * @param {object} [options]
   * @param {number} [options.first] milliseconds
   * @param {number} [options.longest] milliseconds
   */
  constructor({ first = 500, longest = 30_000 } = {}) {
    this.#first = first;
    this.#longest = longest;
  }

  /** The next delay in milliseconds: from half of it to the whole. */
  next() {
    const whole = Math.min(this.#longest, this.#first * 2 ** this.#attempts);
    this.#attempts++;
    return Math.round(whole * (0.5 + Math.random() / 2));
  }

  reset() {
    this.#attempts = 0;
  }
}
