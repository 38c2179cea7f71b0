import { between, isAfter, onward } from '../client/position.js';
import { ReadPositions } from './read-positions.js';
/** @import { Channel, Message, Position } from '../client/parley.js' */
/** @import { Timeline } from './timeline.js' */

/**
 * Counts unread messages: those while the user was away or read further up, and those since the last visit. A mark in the
 * timeline stands before the first, until the user writes or a new one arrives.
 */
export class UnreadMarker {
  #timeline;
  #readPositions = new ReadPositions();
  #room = '';
  /** @type {Channel | null} */
  #channel = null;
  /** The read marker. @type {Position | null} */
  #read = null;
  #firstVisit = true;
  /** @type {Position[]} */
  #positions = [];
  /** There are older unread messages than those received. */
  #hasOlder = false;

  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
  }

  get count() {
    return this.#positions.length;
  }

  /** Where to read on: the mark, or else the first row. @returns {HTMLElement | null} */
  get begin() {
    const { mark, start } = this.#timeline;
    return this.count === 0 ? null : (mark ?? (this.#hasOlder ? start : null));
  }

  /** The count as it is shown. */
  get text() {
    return `${this.count}${this.#hasOlder ? '+' : ''}`;
  }

  /** Then the history is not unread. */
  get isFirstVisit() {
    return this.#firstVisit;
  }

  /**
   * @param {string} room
   * @param {Channel} channel
   */
  enter(room, channel) {
    this.#room = room;
    this.#channel = channel;
    this.#read = this.#readPositions.get(room);
    this.#firstVisit = this.#read === null;
    this.#positions = [];
    this.#hasOlder = false;
  }

  /** The history on entering was received. */
  caughtUp() {
    this.#firstVisit = false;
  }

  /**
   * An unread message of another user.
   *
   * @param {Message} message
   */
  add({ position }) {
    if (!this.#isUnread(position)) {
      return;
    }
    if (this.count === 0) {
      this.#hasOlder = this.#read !== null && (between(this.#read, position, this.#lineage) ?? 0) > 0;
      this.#timeline.markBefore(this.#read !== null && this.#hasOlder ? onward(this.#read, 1, this.#lineage) : position);
    }
    this.#positions.push(position);
  }

  /**
   * Moves the read marker on.
   *
   * @param {Position | null} position
   */
  readThrough(position) {
    if (position === null || !this.#isUnread(position)) {
      return;
    }
    this.#read = position;
    this.#readPositions.set(this.#room, position);
    this.#positions = this.#positions.filter(unread => isAfter(unread, position, this.#lineage));
    this.#hasOlder &&= this.count > 0;
  }

  get #lineage() {
    return this.#channel?.lineage ?? {};
  }

  /** @param {Position} position */
  #isUnread(position) {
    return isAfter(position, this.#read, this.#lineage);
  }

  /** The user wrote: the mark goes, unless there are unread messages. */
  wrote() {
    if (this.count === 0) {
      this.#timeline.markBefore(null);
    }
  }
}
