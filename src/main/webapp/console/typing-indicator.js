import { byId, element } from './dom.js';
import { memberName } from './format.js';
/** @import { Channel, Parley, ParleyMessageEvent } from '../client/parley.js' */

/** Of typing marks, at most. */
const SEND_INTERVAL = 3_000;
/** Of another user's mark. */
const EXPIRY = 6_000;
/** Without a key press this user does not type any more. */
const IDLE_TIMEOUT = 5_000;
const MAX_USERS = 50;

/**
 * Who is typing, by marks on a transient channel beside the room's. Marks are sent at most once and expire, so a lost one
 * does no harm. Any client may publish there: what is received is untrusted, and only the name is shown.
 */
export class TypingIndicator {
  #parley;
  #element = byId('typing', HTMLElement);
  /** @type {Channel | null} */
  #channel = null;
  /** By user. @type {Map<string, {name: string, expiry: ReturnType<typeof setTimeout>}>} */
  #users = new Map();
  #sentAt = -Infinity;
  #isTyping = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idleTimer;

  /** @param {Parley} parley */
  constructor(parley) {
    this.#parley = parley;
  }

  /** @param {string} channel */
  enter(channel) {
    this.stopped();
    this.#channel?.close();
    [...this.#users.keys()].forEach(user => this.forget(user));
    this.#channel = this.#parley.channel(channel);
    this.#channel.onmessage = event => this.#received(event);
  }

  /**
   * This user has edited the text.
   *
   * @param {boolean} something whether it is not empty
   */
  edited(something) {
    clearTimeout(this.#idleTimer);
    if (!something) {
      this.stopped();
      return;
    }
    this.#idleTimer = setTimeout(() => this.stopped(), IDLE_TIMEOUT);
    const now = performance.now();
    if (now - this.#sentAt >= SEND_INTERVAL) {
      this.#isTyping = true;
      this.#sentAt = now;
      this.#send(true);
    }
  }

  /** This user does not type any more. */
  stopped() {
    clearTimeout(this.#idleTimer);
    if (this.#isTyping) {
      this.#isTyping = false;
      this.#send(false);
    }
  }

  /**
   * Another user has published, or left.
   *
   * @param {string} user
   */
  forget(user) {
    clearTimeout(this.#users.get(user)?.expiry);
    if (this.#users.delete(user)) {
      this.#show();
    }
  }

  /** @param {boolean} typing */
  #send(typing) {
    this.#channel?.tell({ typing }).catch(() => {});
  }

  /** @param {ParleyMessageEvent} event */
  #received({ message: { from, data } }) {
    // While catching up marks are outdated.
    if (from.user === this.#parley.user || this.#channel?.state !== 'live') {
      return;
    }
    this.forget(from.user);
    if (data?.typing === true && this.#users.size < MAX_USERS) {
      const expiry = setTimeout(() => this.forget(from.user), EXPIRY);
      this.#users.set(from.user, { name: memberName(from), expiry });
      this.#show();
    }
  }

  #show() {
    const names = [...this.#users.values()].map(({ name }) => element('bdi', { className: 'name', text: name }));
    switch (names.length) {
      case 0:
        this.#element.replaceChildren();
        break;
      case 1:
        this.#element.replaceChildren(names[0], element('span', { text: ' is typing' }));
        break;
      case 2:
        this.#element.replaceChildren(names[0], element('span', { text: ' and ' }), names[1], element('span', { text: ' are typing' }));
        break;
      default:
        this.#element.textContent = 'Several people are typing';
    }
  }
}
