import { load, store } from './storage.js';
/** @import { Position } from '../client/parley.js' */

const KEY = 'parley.read';
const MAX_ROOMS = 100;

/** The read marker of each of the last rooms, in `localStorage`; without it messages since the last visit are not marked. */
export class ReadPositions {
  /**
   * @param {string} room
   * @returns {Position | null}
   */
  get(room) {
    return this.#read().find(([name]) => name === room)?.[1] ?? null;
  }

  /**
   * @param {string} room
   * @param {Position} position
   */
  set(room, position) {
    const others = this.#read().filter(([name]) => name !== room);
    store(KEY, [[room, position], ...others].slice(0, MAX_ROOMS));
  }

  /** @returns {[string, Position][]} the most recent first */
  #read() {
    const read = load(KEY);
    return Array.isArray(read) ? read : [];
  }
}
