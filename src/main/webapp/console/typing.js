import { byId, element } from './dom.js';
import { memberName } from './format.js';
/** @import { Channel, Parley, ParleyMessageEvent } from '../client/parley.js' */

/** Who types says so no more often than that. */
const EVERY = 3_000;
/** Who has not said so again since does not type any more. */
const EXPIRES = 6_000;
/** Who has not touched a key since has paused. */
const PAUSE = 5_000;
const MOST = 50;

/**
 * Who is writing just now, on a channel beside the room's that keeps nothing. A mark that is lost does no harm, so none
 * is sent twice, and none is believed for long. Any client may publish there, so all is taken for what it is: a name.
 */
export class Typing {
  #parley;
  #line = byId('typing', HTMLElement);
  /** @type {Channel | null} */
  #channel = null;
  /** By user. @type {Map<string, {name: string, expiry: ReturnType<typeof setTimeout>}>} */
  #others = new Map();
  #toldAt = -Infinity;
  #told = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /** @param {Parley} parley */
  constructor(parley) {
    this.#parley = parley;
  }

  /** @param {string} channel */
  enter(channel) {
    this.stopped();
    this.#channel?.close();
    [...this.#others.keys()].forEach(user => this.forget(user));
    this.#channel = this.#parley.channel(channel);
    this.#channel.onmessage = event => this.#marked(event);
  }

  /**
   * This client's person has changed the text.
   *
   * @param {boolean} something is left of it
   */
  wrote(something) {
    clearTimeout(this.#pause);
    if (!something) {
      this.stopped();
      return;
    }
    this.#pause = setTimeout(() => this.stopped(), PAUSE);
    const now = performance.now();
    if (now - this.#toldAt >= EVERY) {
      this.#told = true;
      this.#toldAt = now;
      this.#tell(true);
    }
  }

  /** This client's person writes no more. */
  stopped() {
    clearTimeout(this.#pause);
    if (this.#told) {
      this.#told = false;
      this.#tell(false);
    }
  }

  /**
   * Somebody has said what was being written, or is gone.
   *
   * @param {string} user
   */
  forget(user) {
    clearTimeout(this.#others.get(user)?.expiry);
    if (this.#others.delete(user)) {
      this.#show();
    }
  }

  /** @param {boolean} typing */
  #tell(typing) {
    this.#channel?.tell({ typing }).catch(() => {});
  }

  /** @param {ParleyMessageEvent} event */
  #marked({ message: { from, data } }) {
    // What comes while catching up is of a time that has passed.
    if (from.user === this.#parley.user || this.#channel?.state !== 'live') {
      return;
    }
    this.forget(from.user);
    if (data?.typing === true && this.#others.size < MOST) {
      const expiry = setTimeout(() => this.forget(from.user), EXPIRES);
      this.#others.set(from.user, { name: memberName(from), expiry });
      this.#show();
    }
  }

  #show() {
    const names = [...this.#others.values()].map(({ name }) => element('bdi', { className: 'name', text: name }));
    switch (names.length) {
      case 0:
        this.#line.replaceChildren();
        break;
      case 1:
        this.#line.replaceChildren(names[0], element('span', { text: ' is typing' }));
        break;
      case 2:
        this.#line.replaceChildren(names[0], element('span', { text: ' and ' }), names[1], element('span', { text: ' are typing' }));
        break;
      default:
        this.#line.textContent = 'Several people are typing';
    }
  }
}
