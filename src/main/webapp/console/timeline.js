import { element } from './dom.js';
import { day, sameDay } from './format.js';
import { markForgotten, messageElement, revokeObjectUrls, setGroupStart } from './message-view.js';
/** @import { Message, Position } from '../client/parley.js' */

const GROUP_GAP = 5 * 60_000;

/**
 * A message, or what happened between two.
 *
 * @typedef {object} Row
 * @property {HTMLElement} entry
 * @property {Message | null} message null for a notice
 * @property {Message | null} groupStart the first of its group, which shows the byline
 * @property {HTMLElement[]} separators before it: the day, the unread mark
 */

/**
 * The messages of a room, and notices between them. Contiguous but for the gaps that are shown; it can be extended and
 * trimmed at both ends.
 */
export class Timeline {
  #list;
  /** @type {Row[]} */
  #rows = [];
  /** Of the first unread message. @type {Position | null} */
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

  /** The first message's position. */
  get first() {
    return this.#rows.find(row => row.message)?.message?.position ?? null;
  }

  /** The last message's position. */
  get last() {
    return this.#rows.findLast(row => row.message)?.message?.position ?? null;
  }

  /** The unread mark, if it is here. @returns {HTMLElement | null} */
  get mark() {
    return this.#list.querySelector('.mark');
  }

  /** The first row. @returns {HTMLElement | null} */
  get start() {
    return this.#rows[0]?.entry ?? null;
  }

  /**
   * @param {Message[]} messages that follow the last
   * @param {(message: Message) => boolean} isOwn
   */
  append(messages, isOwn) {
    for (const message of messages) {
      const row = newRow(message, isOwn);
      this.#rows.push(row);
      this.#list.append(row.entry);
      this.#layOut(this.#rows.length - 1);
    }
  }

  /**
   * @param {Message[]} messages that come before the first
   * @param {(message: Message) => boolean} isOwn
   */
  prepend(messages, isOwn) {
    const rows = messages.map(message => newRow(message, isOwn));
    this.#rows.unshift(...rows);
    const seam = this.#list.firstElementChild;
    rows.forEach(row => this.#list.insertBefore(row.entry, seam));
    rows.forEach((_, index) => this.#layOut(index));
    this.#layOutFrom(rows.length);
  }

  /**
   * A member joined or left. Successive ones share a line.
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
   * Messages are missing here.
   *
   * @param {string} text
   */
  gap(text) {
    this.#add(element('li', { className: 'notice gap', text }));
  }

  /**
   * Marks the messages that the server has no more.
   *
   * @param {(position: Position) => boolean} isForgotten
   */
  forget(isForgotten) {
    for (const { message, entry } of this.#rows) {
      if (message && isForgotten(message.position)) {
        markForgotten(entry);
      }
    }
  }

  /**
   * Moves the unread mark to a message, when it is here.
   *
   * @param {Position | null} position
   */
  markBefore(position) {
    const changed = [this.#marked, position];
    this.#marked = position;
    this.#rows.forEach(({ message }, index) => {
      if (message && changed.includes(message.position)) {
        this.#layOutFrom(index);
      }
    });
  }

  /**
   * The last message that is wholly visible.
   *
   * @param {number} bottom of the viewport, in client coordinates
   * @returns {Position | null}
   */
  lastVisible(bottom) {
    const row = this.#rows.findLast(
      ({ message, entry }) => message !== null && entry.getBoundingClientRect().bottom <= bottom,
    );
    return row?.message?.position ?? null;
  }

  /** @param {number} limit rows that stay, the newest */
  trimStart(limit) {
    const removed = this.#rows.splice(0, Math.max(this.#rows.length - limit, 0));
    removed.forEach(removeRow);
    if (removed.length > 0) {
      this.#layOutFrom(0);
    }
    return removed.length > 0;
  }

  /** @param {number} limit rows that stay, the oldest */
  trimEnd(limit) {
    const removed = this.#rows.splice(limit);
    removed.forEach(removeRow);
    return removed.length > 0;
  }

  clear() {
    this.trimEnd(0);
    this.#marked = null;
  }

  /** @param {HTMLElement} entry */
  #add(entry) {
    this.#rows.push({ entry, message: null, groupStart: null, separators: [] });
    this.#list.append(entry);
  }

  /** From a row on, until the first that does not change. @param {number} index */
  #layOutFrom(index) {
    for (let i = index; i < this.#rows.length; i++) {
      const { groupStart } = this.#rows[i];
      this.#layOut(i);
      if (i > index && this.#rows[i].groupStart === groupStart && this.#rows[i].message) {
        return;
      }
    }
  }

  /** Renews the separators and the group of a row. @param {number} index */
  #layOut(index) {
    const row = this.#rows[index];
    const { message, entry, separators } = row;
    if (message === null) {
      return;
    }
    const before = this.#rows[index - 1];
    const previous = before?.message ?? this.#rows.slice(0, index).findLast(other => other.message)?.message;
    separators.forEach(other => other.remove());
    row.separators = [];
    if (!previous || !sameDay(previous.at, message.at)) {
      row.separators.push(element('li', { className: 'day', text: day(message.at) }));
    }
    if (message.position === this.#marked) {
      row.separators.push(element('li', { className: 'mark', text: 'New' }));
    }
    entry.before(...row.separators);
    const groupStart = before?.groupStart ?? null;
    const first = row.separators.length > 0 || groupStart === null || !isSameGroup(groupStart, message);
    row.groupStart = first ? message : groupStart;
    setGroupStart(entry, first);
  }
}

/**
 * @param {Message} message
 * @param {(message: Message) => boolean} isOwn
 * @returns {Row}
 */
function newRow(message, isOwn) {
  return { entry: messageElement(message, isOwn(message)), message, groupStart: null, separators: [] };
}

/** @param {Row} row */
function removeRow({ entry, separators }) {
  revokeObjectUrls(entry);
  separators.forEach(other => other.remove());
  entry.remove();
}

/**
 * @param {Message} one
 * @param {Message} next
 */
function isSameGroup(one, next) {
  return (
    one.from.user === next.from.user &&
    one.from.name === next.from.name &&
    next.at.getTime() - one.at.getTime() < GROUP_GAP
  );
}
