/** Over HTTP/1.1 a browser opens six connections to a server, for all windows together. */
const MAX_HELD = 4;
/** For the answers of other windows, several times: after a sleep of the machine the first ends before they are read. */
const WAIT = 50;
const WAITS = 5;

/**
 * Limits how many windows of a site have the server hold a request of theirs at once. They count each other over a
 * `BroadcastChannel`, since Web Locks need a secure context.
 */
export class RequestSlots {
  #server;
  /** While this window has a slot. @type {BroadcastChannel | undefined} */
  #windows;

  /** @param {string} server */
  constructor(server) {
    this.#server = server;
  }

  /**
   * Takes a slot, even when there is none left.
   *
   * @returns {Promise<boolean>} whether there was one
   */
  async acquire() {
    if (!globalThis.document) {
      return true;
    }
    const windows = (this.#windows ??= new BroadcastChannel(`parley ${this.#server}`));
    const id = Math.random();
    let others = 0;
    windows.onmessage = ({ data: [who, me] }) => {
      if (who) {
        windows.postMessage([0, who]);
      } else if (me === id) {
        others++;
      }
    };
    windows.postMessage([id]);
    for (let wait = 0; wait < WAITS; wait++) {
      await new Promise(resolve => setTimeout(resolve, WAIT));
    }
    return others < MAX_HELD;
  }

  release() {
    this.#windows?.close();
    this.#windows = undefined;
  }
}
