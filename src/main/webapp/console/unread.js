import { between, isAfter, moved } from '../client/position.js';
import { ReadPlaces } from './read-places.js';
/** @import { Message } from '../client/message.js' */
/** @import { Position } from '../client/position.js' */
/** @import { Timeline } from './timeline.js' */

/**
 * What came while nobody read: while the window was out of sight or another had the keys, while one read further up, or
 * since the last visit. A line stands in the timeline where it begins, until one writes or something new comes.
 */
export class Unread {
  #timeline;
  #places = new ReadPlaces();
  #room = '';
  /** Up to here it is read. @type {Position | null} */
  #read = null;
  #firstVisit = true;
  /** @type {Position[]} */
  #positions = [];
  /** There is more of it, older than what came. */
  #older = false;

  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
  }

  get count() {
    return this.#positions.length;
  }

  /** Where to read on: the line, or else as far up as there is something. @returns {HTMLElement | null} */
  get begin() {
    const { mark, start } = this.#timeline;
    return this.count === 0 ? null : (mark ?? (this.#older ? start : null));
  }

  /** The count as it is shown. */
  get text() {
    return `${this.count}${this.#older ? '+' : ''}`;
  }

  /** Nothing of what is there already is new. */
  get isFirstVisit() {
    return this.#firstVisit;
  }

  /** @param {string} room */
  enter(room) {
    this.#room = room;
    this.#read = this.#places.get(room);
    this.#firstVisit = this.#read === null;
    this.#positions = [];
    this.#older = false;
  }

  /** All that was there when one came has come. */
  entered() {
    this.#firstVisit = false;
  }

  /**
   * A message of somebody else came, and is not read yet.
   *
   * @param {Message} message
   */
  add({ position }) {
    if (this.#read !== null && !isAfter(position, this.#read)) {
      return;
    }
    if (this.count === 0) {
      this.#older = this.#read !== null && (between(this.#read, position) ?? 0) > 0;
      this.#timeline.markBefore(this.#read !== null && this.#older ? moved(this.#read, 1) : position);
    }
    this.#positions.push(position);
  }

  /**
   * All is read up to a message.
   *
   * @param {Position | null} position
   */
  readThrough(position) {
    if (position === null || (this.#read !== null && !isAfter(position, this.#read))) {
      return;
    }
    this.#read = position;
    this.#places.set(this.#room, position);
    this.#positions = this.#positions.filter(unread => isAfter(unread, position));
    this.#older &&= this.count > 0;
  }

  /** Who writes has read. */
  written() {
    if (this.count === 0) {
      this.#timeline.markBefore(null);
    }
  }
}
