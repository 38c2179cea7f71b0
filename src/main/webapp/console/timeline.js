import { element } from './dom.js';
import { messageEntry, release } from './entry.js';
import { day, sameDay } from './format.js';
/** @import { Message } from '../client/message.js' */

/** What the page keeps; what is older is still on the server. */
const MOST = 1_000;
const ROW = 5 * 60_000;

/** The messages of a room and, between them, what happened there. */
export class Timeline {
  #list;
  /** @type {Message | null} */
  #last = null;
  /** The first of those in a row, above which stands who and when. @type {Message | null} */
  #first = null;
  /** The notice at the end, to which the next one is added. @type {HTMLElement | null} */
  #notice = null;
  /** @type {Set<string>} */
  #positions = new Set();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  get empty() {
    return this.#last === null;
  }

  /** @param {string} position */
  has(position) {
    return this.#positions.has(position);
  }

  /**
   * @param {Message} message
   * @param {boolean} own
   */
  add(message, own) {
    const last = this.#last;
    const newDay = last === null || !sameDay(last.at, message.at);
    if (newDay) {
      this.#append(element('li', { className: 'day', text: day(message.at) }));
    }
    const first = newDay || this.#notice !== null || !inARow(this.#first, message);
    this.#append(messageEntry(message, { own, first }));
    this.#last = message;
    this.#first = first ? message : this.#first;
    this.#positions.add(message.position);
  }

  /**
   * Somebody came or went. Several in a row share a line.
   *
   * @param {string} text
   */
  notice(text) {
    if (this.#notice?.className === 'notice') {
      this.#notice.append(element('span', { text, dir: 'auto' }));
      return;
    }
    const notice = element('li', { className: 'notice' }, element('span', { text, dir: 'auto' }));
    this.#append(notice);
    this.#notice = notice;
  }

  /**
   * Something is missing here.
   *
   * @param {string} text
   */
  gap(text) {
    const gap = element('li', { className: 'notice gap', text });
    this.#append(gap);
    this.#notice = gap;
  }

  clear() {
    for (const entry of this.#list.children) {
      release(entry);
    }
    this.#list.replaceChildren();
    this.#positions.clear();
    this.#last = null;
    this.#first = null;
    this.#notice = null;
  }

  /** @param {HTMLElement} entry */
  #append(entry) {
    this.#list.append(entry);
    this.#notice = null;
    while (this.#list.childElementCount > MOST) {
      this.#removeFirst();
    }
  }

  #removeFirst() {
    const first = /** @type {HTMLElement} */ (this.#list.firstElementChild);
    release(first);
    this.#positions.delete(first.dataset.position ?? '');
    first.remove();
  }
}

/**
 * @param {Message | null} one
 * @param {Message} next
 */
function inARow(one, next) {
  return (
    one !== null &&
    one.from.user === next.from.user &&
    one.from.name === next.from.name &&
    next.at.getTime() - one.at.getTime() < ROW
  );
}
