import { MIN_BANDWIDTH } from './transport.js';

const PONG_TIMEOUT = 10_000;
/** An upload fills buffers that cannot be seen from here, and the pong queues behind it: so long, and more for its size. */
const UPLOAD_TIMEOUT = 30_000;
/** A timer that is so late was suspended, with the machine or with the window. */
const SUSPENDED = 3_000;

/**
 * The outgoing back-pressure.
 *
 * @typedef {object} Outgoing
 * @property {number} buffered bytes that are not flushed yet
 * @property {number} uploading bytes of large messages without a reply yet
 */

/**
 * Detects a half-open connection by pings. A browser does not: a WebSocket whose network vanished stays open for hours.
 *
 * Two hard cases. While an upload makes progress the connection is alive, however long the pong takes. And after a sleep
 * of the machine all timers fire at once, before what was received meanwhile is read; so there is a second ping.
 */
export class Heartbeat {
  #ping;
  #timedOut;
  #outgoing;
  #interval;
  /** The connect timeout, until something was received; then 0. */
  #connectTimeout;
  #receivedAt = Date.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When the timer is due. */
  #due = 0;
  #probing = false;
  #suspended = false;
  /** At the last check. */
  #buffered = 0;

  /**
   * @param {() => void} ping
   * @param {() => void} timedOut
   * @param {() => Outgoing} outgoing
   * @param {{quiet: number, patience: number}} times the interval in milliseconds, and the connect timeout
   */
  constructor(ping, timedOut, outgoing, { quiet, patience }) {
    this.#ping = ping;
    this.#timedOut = timedOut;
    this.#outgoing = outgoing;
    this.#interval = quiet;
    this.received();
    this.#connectTimeout = patience;
  }

  /** Milliseconds since something was received. */
  get silence() {
    return Date.now() - this.#receivedAt;
  }

  received() {
    this.#receivedAt = Date.now();
    this.#connectTimeout = 0;
    this.#probing = false;
    this.#suspended = false;
    this.#schedule(this.#interval, () => this.probe());
  }

  /** A command was sent: without a reply the next ping comes sooner. */
  sent() {
    if (this.#connectTimeout > 0) {
      this.#probing = true;
      this.#expect(this.#connectTimeout);
    } else if (!this.#probing && this.#due - Date.now() > PONG_TIMEOUT) {
      this.#schedule(PONG_TIMEOUT, () => this.probe());
    }
  }

  /**
   * Pings at once.
   *
   * @param {number} [timeout] milliseconds
   */
  probe(timeout = PONG_TIMEOUT) {
    this.#probing = true;
    this.#expect(timeout);
    this.#ping();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** @param {number} timeout */
  #expect(timeout) {
    const { buffered, uploading } = this.#outgoing();
    this.#buffered = buffered;
    const delay = uploading > 0 ? UPLOAD_TIMEOUT + uploading / MIN_BANDWIDTH : timeout;
    this.#schedule(delay, () => this.#check(timeout));
  }

  /** @param {number} timeout */
  #check(timeout) {
    if (this.#outgoing().buffered < this.#buffered) {
      this.#expect(timeout);
    } else if (!this.#suspended && Date.now() - this.#due > SUSPENDED) {
      this.#suspended = true;
      this.probe(timeout);
    } else {
      this.#timedOut();
    }
  }

  /**
   * @param {number} delay
   * @param {() => void} then
   */
  #schedule(delay, then) {
    clearTimeout(this.#timer);
    this.#due = Date.now() + delay;
    this.#timer = setTimeout(then, delay);
  }
}
