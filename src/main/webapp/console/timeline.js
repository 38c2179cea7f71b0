import { element } from './dom.js';
import { messageEntry, release, setFirst } from './entry.js';
import { day, sameDay } from './format.js';
/** @import { Message } from '../client/message.js' */
/** @import { Position } from '../client/position.js' */

const ROW = 5 * 60_000;

/**
 * A message, or what happened between two.
 *
 * @typedef {object} Row
 * @property {HTMLElement} entry
 * @property {Message | null} message null for a notice
 * @property {Message | null} start the first of those in a row, above which stands who and when
 * @property {HTMLElement[]} above what stands between it and the one before
 */

/**
 * The messages of a room and, between them, what happened there. Without a hole, but for those that a gap tells of; it
 * grows at both ends, and is cut at either.
 */
export class Timeline {
  #list;
  /** @type {Row[]} */
  #rows = [];
  /** The first that is new to who was away. @type {Position | null} */
  #marked = null;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /** How many rows it has. */
  get size() {
    return this.#rows.length;
  }

  get empty() {
    return this.first === null;
  }

  /** The first message's place. */
  get first() {
    return this.#rows.find(row => row.message)?.message?.position ?? null;
  }

  /** The last message's place. */
  get last() {
    return this.#rows.findLast(row => row.message)?.message?.position ?? null;
  }

  /** The line above what is new, if it is here. @returns {HTMLElement | null} */
  get mark() {
    return this.#list.querySelector('.mark');
  }

  /** What stands first. @returns {HTMLElement | null} */
  get start() {
    return this.#rows[0]?.entry ?? null;
  }

  /**
   * @param {Message[]} messages that follow the last
   * @param {(message: Message) => boolean} isOwn
   */
  append(messages, isOwn) {
    for (const message of messages) {
      const row = rowOf(message, isOwn);
      this.#rows.push(row);
      this.#list.append(row.entry);
      this.#lay(this.#rows.length - 1);
    }
  }

  /**
   * @param {Message[]} messages that come before the first
   * @param {(message: Message) => boolean} isOwn
   */
  prepend(messages, isOwn) {
    const rows = messages.map(message => rowOf(message, isOwn));
    this.#rows.unshift(...rows);
    const seam = this.#list.firstElementChild;
    rows.forEach(row => this.#list.insertBefore(row.entry, seam));
    rows.forEach((_, index) => this.#lay(index));
    this.#layFrom(rows.length);
  }

  /**
   * Somebody came or went. Several in a row share a line.
   *
   * @param {string} text
   */
  notice(text) {
    const last = this.#rows.at(-1)?.entry;
    if (last?.className === 'notice') {
      last.append(element('span', { text, dir: 'auto' }));
    } else {
      this.#add(element('li', { className: 'notice' }, element('span', { text, dir: 'auto' })));
    }
  }

  /**
   * Something is missing here.
   *
   * @param {string} text
   */
  gap(text) {
    this.#add(element('li', { className: 'notice gap', text }));
  }

  /**
   * Draws the line above a message, when it is here, and nowhere else.
   *
   * @param {Position | null} position
   */
  markBefore(position) {
    const places = [this.#marked, position];
    this.#marked = position;
    this.#rows.forEach(({ message }, index) => {
      if (message && places.includes(message.position)) {
        this.#layFrom(index);
      }
    });
  }

  /**
   * The last message that ends above a line.
   *
   * @param {number} bottom of what is in sight, in the window's pixels
   * @returns {Position | null}
   */
  lastAbove(bottom) {
    const row = this.#rows.findLast(
      ({ message, entry }) => message !== null && entry.getBoundingClientRect().bottom <= bottom,
    );
    return row?.message?.position ?? null;
  }

  /** @param {number} most rows that stay, the newest */
  cutStart(most) {
    const gone = this.#rows.splice(0, Math.max(this.#rows.length - most, 0));
    gone.forEach(remove);
    if (gone.length > 0) {
      this.#layFrom(0);
    }
    return gone.length > 0;
  }

  /** @param {number} most rows that stay, the oldest */
  cutEnd(most) {
    const gone = this.#rows.splice(most);
    gone.forEach(remove);
    return gone.length > 0;
  }

  clear() {
    this.cutEnd(0);
    this.#marked = null;
  }

  /** @param {HTMLElement} entry */
  #add(entry) {
    this.#rows.push({ entry, message: null, start: null, above: [] });
    this.#list.append(entry);
  }

  /** From a row on, until one stands as it stood. @param {number} index */
  #layFrom(index) {
    for (let i = index; i < this.#rows.length; i++) {
      const { start } = this.#rows[i];
      this.#lay(i);
      if (i > index && this.#rows[i].start === start && this.#rows[i].message) {
        return;
      }
    }
  }

  /** Puts above a row what belongs between it and the one before. @param {number} index */
  #lay(index) {
    const row = this.#rows[index];
    const { message, entry, above } = row;
    if (message === null) {
      return;
    }
    const before = this.#rows[index - 1];
    const previous = before?.message ?? this.#rows.slice(0, index).findLast(other => other.message)?.message;
    above.forEach(other => other.remove());
    row.above = [];
    if (!previous || !sameDay(previous.at, message.at)) {
      row.above.push(element('li', { className: 'day', text: day(message.at) }));
    }
    if (message.position === this.#marked) {
      row.above.push(element('li', { className: 'mark', text: 'New' }));
    }
    entry.before(...row.above);
    const start = before?.start ?? null;
    const first = row.above.length > 0 || start === null || !inARow(start, message);
    row.start = first ? message : start;
    setFirst(entry, first);
  }
}

/**
 * @param {Message} message
 * @param {(message: Message) => boolean} isOwn
 * @returns {Row}
 */
function rowOf(message, isOwn) {
  return { entry: messageEntry(message, isOwn(message)), message, start: null, above: [] };
}

/** @param {Row} row */
function remove({ entry, above }) {
  release(entry);
  above.forEach(other => other.remove());
  entry.remove();
}

/**
 * @param {Message} one
 * @param {Message} next
 */
function inARow(one, next) {
  return (
    one.from.user === next.from.user &&
    one.from.name === next.from.name &&
    next.at.getTime() - one.at.getTime() < ROW
  );
}
