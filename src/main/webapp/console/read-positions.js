/** @import { Position } from '../client/parley.js' */

const KEY = 'parley.read';
const MAX_ROOMS = 100;

/** The read marker of each of the last rooms, in `localStorage`. */
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
    try {
      localStorage.setItem(KEY, JSON.stringify([[room, position], ...others].slice(0, MAX_ROOMS)));
    } catch {
      // Without storage, messages since the last visit are not marked as new.
    }
  }

  /** @returns {[string, Position][]} the most recent first */
  #read() {
    try {
      const read = JSON.parse(localStorage.getItem(KEY) ?? '[]');
      return Array.isArray(read) ? read : [];
    } catch {
      return [];
    }
  }
}
