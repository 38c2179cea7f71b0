/** Calls back after a delay, by default of the backoff, or sooner when asked to. */
export class RetryTimer {
  #backoff;
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** By the monotonic clock. @type {number | null} */
  #due = null;

  /**
   * @param {import('./backoff.js').Backoff} backoff
   * @param {() => void} retry
   */
  constructor(backoff, retry) {
    this.#backoff = backoff;
    this.#retry = retry;
  }

  /** Milliseconds since 1970; null when it is not started. */
  get at() {
    return this.#due === null ? null : Math.round(Date.now() + this.#due - performance.now());
  }

  /** @param {number} [delay] milliseconds */
  start(delay = this.#backoff.next()) {
    this.#due = performance.now() + delay;
    this.#timer = setTimeout(() => this.now(), delay);
  }

  /** Calls back at once, if it is started. */
  now() {
    if (this.#due !== null) {
      this.stop();
      this.#retry();
    }
  }

  stop() {
    clearTimeout(this.#timer);
    this.#due = null;
  }
}
