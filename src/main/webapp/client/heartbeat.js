const PATIENCE = 10_000;
/** An upload fills buffers on its way that nobody here can see, and an answer waits behind it: so long, and longer for more. */
const UPLOAD_PATIENCE = 30_000;
/** Bytes in a millisecond, of the slowest line that is waited for. */
const SLOWEST = 64;
/** A timer that comes so late was asleep, with the machine or with the window. */
const LATE = 3_000;

/**
 * How much is on its way out.
 *
 * @typedef {object} Outgoing
 * @property {number} buffered bytes that have not left yet
 * @property {number} uploading bytes of large messages that are not answered yet
 */

/**
 * Finds out that the other side is gone. A browser does not tell: a WebSocket whose network vanished stays open, for
 * hours, while nothing arrives.
 *
 * Two hard cases. While an upload makes headway the line is not dead, however long an answer takes. And after a sleep
 * all that was due has come at once, before what arrived meanwhile could be read; so it is asked once more.
 */
export class Heartbeat {
  #ping;
  #silent;
  #outgoing;
  #quiet;
  /** Until the first sign of life, so long; then as ever. */
  #patience;
  #heardAt = Date.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When the timer is due. */
  #due = 0;
  #probing = false;
  #slept = false;
  /** What had not left when it was last looked at. */
  #buffered = 0;

  /**
   * @param {() => void} ping asks for an answer
   * @param {() => void} silent none came
   * @param {() => Outgoing} outgoing
   * @param {{quiet: number, patience: number}} times milliseconds of silence before it asks, and for the first answer
   */
  constructor(ping, silent, outgoing, { quiet, patience }) {
    this.#ping = ping;
    this.#silent = silent;
    this.#outgoing = outgoing;
    this.#quiet = quiet;
    this.heard();
    this.#patience = patience;
  }

  /** For how many milliseconds nothing has come. */
  get silence() {
    return Date.now() - this.#heardAt;
  }

  /** Something came. */
  heard() {
    this.#heardAt = Date.now();
    this.#patience = 0;
    this.#probing = false;
    this.#slept = false;
    this.#wait(this.#quiet, () => this.probe());
  }

  /** Something was sent that will be answered: if not soon, there is reason for doubt. */
  asked() {
    if (this.#patience > 0) {
      this.#probing = true;
      this.#await(this.#patience);
    } else if (!this.#probing && this.#due - Date.now() > PATIENCE) {
      this.#wait(PATIENCE, () => this.probe());
    }
  }

  /**
   * Asks at once.
   *
   * @param {number} [patience] milliseconds
   */
  probe(patience = PATIENCE) {
    this.#probing = true;
    this.#await(patience);
    this.#ping();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** @param {number} patience */
  #await(patience) {
    const { buffered, uploading } = this.#outgoing();
    this.#buffered = buffered;
    const pause = uploading > 0 ? UPLOAD_PATIENCE + uploading / SLOWEST : patience;
    this.#wait(pause, () => this.#judge(patience));
  }

  /** @param {number} patience */
  #judge(patience) {
    if (this.#outgoing().buffered < this.#buffered) {
      this.#await(patience);
    } else if (!this.#slept && Date.now() - this.#due > LATE) {
      this.#slept = true;
      this.probe(patience);
    } else {
      this.#silent();
    }
  }

  /**
   * @param {number} pause
   * @param {() => void} then
   */
  #wait(pause, then) {
    clearTimeout(this.#timer);
    this.#due = Date.now() + pause;
    this.#timer = setTimeout(then, pause);
  }
}
