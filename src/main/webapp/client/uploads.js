/**
 * What has left of an upload so far. That all of it has does not say that the server has it: only its answer does.
 *
 * @typedef {object} Progress
 * @property {number} sent bytes
 * @property {number} total bytes
 */

const LOOK = 150;

/** Looks now and then how far each upload is, since no browser tells of it, and tells who wants to know. */
export class Uploads {
  /** @type {Map<object, () => boolean>} */
  #watched = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {object} upload
   * @param {number} total bytes
   * @param {() => number} part that has left, from 0 to 1
   * @param {(progress: Progress) => void} tell
   */
  watch(upload, total, part, tell) {
    let told = -1;
    const look = () => {
      const sent = Math.floor(total * part());
      if (sent !== told) {
        told = sent;
        tell({ sent, total });
      }
      return sent >= total;
    };
    if (!look()) {
      this.#watched.set(upload, look);
      this.#timer ??= setInterval(() => this.#look(), LOOK);
    }
  }

  /** @param {object} upload that is answered, or will not be */
  forget(upload) {
    this.#watched.delete(upload);
    this.#rest();
  }

  stop() {
    this.#watched.clear();
    this.#rest();
  }

  #look() {
    for (const [upload, look] of this.#watched) {
      if (look()) {
        this.#watched.delete(upload);
      }
    }
    this.#rest();
  }

  #rest() {
    if (this.#watched.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
