/** @import { Position } from '../client/position.js' */

const KEY = 'parley.read';
const MOST = 100;

/** Up to where this browser has read, in each of the rooms that it was in last. */
export class ReadPlaces {
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
      localStorage.setItem(KEY, JSON.stringify([[room, position], ...others].slice(0, MOST)));
    } catch {
      // A browser that keeps nothing: what is new since the last visit is not told.
    }
  }

  /** @returns {[string, Position][]} the last first */
  #read() {
    try {
      const read = JSON.parse(localStorage.getItem(KEY) ?? '[]');
      return Array.isArray(read) ? read : [];
    } catch {
      return [];
    }
  }
}
