/** Waits before the next try, unless the network comes back or somebody asks for it sooner. */
export class RetryTimer {
  #backoff;
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Milliseconds since 1970; null when nothing is waited for. @type {number | null} */
  at = null;

  /**
   * @param {import('./backoff.js').Backoff} backoff
   * @param {() => void} retry
   */
  constructor(backoff, retry) {
    this.#backoff = backoff;
    this.#retry = retry;
  }

  start() {
    const pause = this.#backoff.next();
    this.at = Date.now() + pause;
    this.#timer = setTimeout(() => this.now(), pause);
  }

  /** Does it at once, if it is waited for. */
  now() {
    if (this.at !== null) {
      this.stop();
      this.#retry();
    }
  }

  stop() {
    clearTimeout(this.#timer);
    this.at = null;
  }

  reset() {
    this.#backoff.reset();
  }
}
