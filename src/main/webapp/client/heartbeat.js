const QUIET = 25_000;
const PATIENCE = 10_000;

/**
 * Finds out that the other side is gone. A browser does not tell: a WebSocket whose network vanished stays open, for
 * hours, while nothing arrives.
 */
export class Heartbeat {
  #ping;
  #silent;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => void} ping asks for an answer
   * @param {() => void} silent none came
   */
  constructor(ping, silent) {
    this.#ping = ping;
    this.#silent = silent;
    this.heard();
  }

  /** Something came. */
  heard() {
    this.#wait(QUIET, () => this.probe());
  }

  /**
   * Asks at once.
   *
   * @param {number} [patience] milliseconds
   */
  probe(patience = PATIENCE) {
    this.#wait(patience, this.#silent);
    this.#ping();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {number} pause
   * @param {() => void} then
   */
  #wait(pause, then) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, pause);
  }
}
