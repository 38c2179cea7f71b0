/**
 * Pauses before the next try: each about twice as long as the one before, up to a longest. A random part keeps the
 * clients of a server that has stopped from all coming back at the same moment.
 */
export class Backoff {
  #first;
  #longest;
  #tries = 0;

  /**
   * @param {object} [options]
   * @param {number} [options.first] milliseconds
   * @param {number} [options.longest] milliseconds
   */
  constructor({ first = 500, longest = 30_000 } = {}) {
    this.#first = first;
    this.#longest = longest;
  }

  /** The next pause in milliseconds: from half of it to the whole. */
  next() {
    const whole = Math.min(this.#longest, this.#first * 2 ** this.#tries);
    this.#tries++;
    return Math.round(whole * (0.5 + Math.random() / 2));
  }

  reset() {
    this.#tries = 0;
  }
}
