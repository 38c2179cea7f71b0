/** Waits before the next try, unless the network comes back or somebody asks for it sooner. */
export class RetryTimer {
  #backoff;
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** By the clock that nobody sets. @type {number | null} */
  #due = null;

  /**
   * @param {import('./backoff.js').Backoff} backoff
   * @param {() => void} retry
   */
  constructor(backoff, retry) {
    this.#backoff = backoff;
    this.#retry = retry;
  }

  /** Milliseconds since 1970; null when nothing is waited for. */
  get at() {
    return this.#due === null ? null : Math.round(Date.now() + this.#due - performance.now());
  }

  /** @param {number} [pause] milliseconds, where they are known */
  start(pause = this.#backoff.next()) {
    this.#due = performance.now() + pause;
    this.#timer = setTimeout(() => this.now(), pause);
  }

  /** Does it at once, if it is waited for. */
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
