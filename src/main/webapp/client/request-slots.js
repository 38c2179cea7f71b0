/** Over HTTP/1.1 a browser opens six connections to a server, for all windows and workers together. */
const MAX_HELD = 4;
/** For the answers of other windows, several times: after a sleep of the machine the first ends before they are read. */
const WAIT = 50;
const WAITS = 5;

/**
 * Limits how many requests of the windows of a site the server holds at once. Windows and workers count each other's over
 * a `BroadcastChannel`, since Web Locks need a secure context. Over HTTP/2 and 3 there is no such limit.
 */
export class RequestSlots {
  #server;
  #held = 1;
  /** While this window has a slot. @type {BroadcastChannel | undefined} */
  #windows;

  /** @param {string} server */
  constructor(server) {
    this.#server = server;
  }

  /**
   * Takes slots, even when there are none left.
   *
   * @param {number} [requests] in all
   * @returns {Promise<boolean>} whether there were so many
   */
  async acquire(requests = 1) {
    this.#held = requests;
    if (!isBrowser() || isMultiplexed(this.#server)) {
      return true;
    }
    const windows = (this.#windows ??= new BroadcastChannel(`parley ${this.#server}`));
    const id = Math.random();
    let others = 0;
    windows.onmessage = ({ data: [who, me, held = 1] }) => {
      if (who) {
        windows.postMessage([0, who, this.#held]);
      } else if (me === id) {
        others += held;
      }
    };
    windows.postMessage([id]);
    for (let wait = 0; wait < WAITS; wait++) {
      await new Promise(resolve => setTimeout(resolve, WAIT));
    }
    return others + requests <= MAX_HELD;
  }

  release() {
    this.#windows?.close();
    this.#windows = undefined;
  }
}

/** A window or a worker of one: elsewhere nothing limits connections. */
function isBrowser() {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
}

/**
 * Whether the browser has last talked to the server over HTTP/2 or 3. It does not say so of another origin's server that
 * sends no `Timing-Allow-Origin`.
 *
 * @param {string} server
 */
function isMultiplexed(server) {
  const entries = ['navigation', 'resource'].flatMap(type => performance.getEntriesByType?.(type) ?? []);
  const { origin } = new URL(server);
  const ours = /** @type {PerformanceResourceTiming[]} */ (entries).filter(({ name }) => name.startsWith(`${origin}/`));
  return /^h[23]/.test(ours[ours.length - 1]?.nextHopProtocol ?? '');
}
