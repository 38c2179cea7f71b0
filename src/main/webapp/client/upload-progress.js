/**
 * What was flushed of an upload so far. That all of it was does not say that the server has it: only its reply does.
 *
 * @typedef {object} Progress
 * @property {number} sent bytes
 * @property {number} total bytes
 */

const INTERVAL = 150;

/** Polls the progress of each upload, since a browser has no event for it. */
export class UploadProgress {
  /** @type {Map<object, () => boolean>} */
  #uploads = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {object} upload
   * @param {number} total bytes
   * @param {() => number} part that was flushed, from 0 to 1
   * @param {(progress: Progress) => void} report
   */
  watch(upload, total, part, report) {
    let reported = -1;
    const check = () => {
      const sent = Math.floor(total * part());
      if (sent !== reported) {
        reported = sent;
        report({ sent, total });
      }
      return sent >= total;
    };
    if (!check()) {
      this.#uploads.set(upload, check);
      this.#timer ??= setInterval(() => this.#uploads.forEach((done, other) => done() && this.forget(other)), INTERVAL);
    }
  }

  /** @param {object} upload that has its reply, or will have none */
  forget(upload) {
    this.#uploads.delete(upload);
    if (this.#uploads.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  stop() {
    this.#uploads.forEach((_, upload) => this.forget(upload));
  }
}
