/** So many requests may wait for a server at once, of all windows of a site: over HTTP/1.1 a browser has six connections. */
const MOST = 4;
const PATIENCE = 150;

/**
 * The windows of one site that have a request waiting at the same server. They know of each other by messages, since
 * locks are only there where the page came over https or from this machine; over HTTP/2 there is nothing to share.
 */
export class Crowd {
  #base;
  /** @type {BroadcastChannel | undefined} */
  #windows;
  #waits = false;
  #others = 0;

  /** @param {URL} base */
  constructor(base) {
    this.#base = base;
  }

  /**
   * Whether one more may wait. Who asks does, from now on.
   *
   * @returns {Promise<boolean>}
   */
  async hasRoom() {
    const windows = this.#joined();
    if (!windows) {
      return true;
    }
    this.#waits = true;
    this.#others = 0;
    windows.postMessage('who');
    await new Promise(resolve => setTimeout(resolve, PATIENCE));
    return this.#others < MOST || this.#shares();
  }

  /** Waits no more. */
  leave() {
    this.#waits = false;
  }

  close() {
    this.#windows?.close();
    this.#windows = undefined;
    this.#waits = false;
  }

  #joined() {
    if (!this.#windows && globalThis.document && globalThis.BroadcastChannel) {
      this.#windows = new BroadcastChannel(`parley ${this.#base.origin}`);
      this.#windows.onmessage = ({ data }) => {
        if (data === 'who' && this.#waits) {
          this.#windows?.postMessage('me');
        } else if (data === 'me') {
          this.#others++;
        }
      };
    }
    return this.#windows;
  }

  /** Whether requests share a connection. */
  #shares() {
    const past = performance.getEntriesByType('resource').filter(({ name }) => name.startsWith(this.#base.href));
    const last = /** @type {PerformanceResourceTiming | undefined} */ (past.at(-1));
    return /^h[23]/.test(last?.nextHopProtocol ?? '');
  }
}
