/** So many requests may wait for a server at once, of all windows of a site: over HTTP/1.1 a browser has six connections. */
const MOST = 4;
/** In parts: who has slept with the machine hears, in the next one, what was said meanwhile. */
const PATIENCE = 50;
const PARTS = 5;

/**
 * The windows of one site that have a request waiting at the same server. They know of each other by messages, since
 * locks are only there where the page came over https or from this machine.
 */
export class Crowd {
  #server;
  /** While this window is one of them. @type {BroadcastChannel | undefined} */
  #windows;

  /** @param {string} server */
  constructor(server) {
    this.#server = server;
  }

  /**
   * This window is one of them from now on.
   *
   * @returns {Promise<boolean>} whether there is room for it
   */
  async join() {
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
    for (let part = 0; part < PARTS; part++) {
      await new Promise(resolve => setTimeout(resolve, PATIENCE));
    }
    return others < MOST;
  }

  leave() {
    this.#windows?.close();
    this.#windows = undefined;
  }
}
