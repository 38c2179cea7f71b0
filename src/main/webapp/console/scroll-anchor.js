/** In pixels: so near is at the end. */
const END_TOLERANCE = 48;
/** In pixels: so near, the next page is loaded. */
const PREFETCH_DISTANCE = 600;
const MARK_MARGIN = 16;

/**
 * @typedef {object} ScrollListener
 * @property {() => HTMLElement | null} mark of the first unread message: following stops when it would be scrolled out
 * @property {() => boolean} isAway
 * @property {() => boolean} isBehind whether the last message here is not the newest
 * @property {() => void} viewChanged other messages are visible
 */

/**
 * Follows the newest message while the reader is at the end. Further up it is a scroll anchor: the first visible message
 * stays in place, whatever is inserted, removed or resized above it.
 */
export class ScrollAnchor {
  #area;
  #list;
  #listener;
  #following = true;
  #top = 0;
  /** Of the content, when the anchor was taken. */
  #height = 0;
  /** The first visible message, and its offset from the upper edge. @type {{entry: Element, offset: number} | null} */
  #anchor = null;

  /**
   * @param {HTMLElement} area that scrolls
   * @param {HTMLElement} content that grows
   * @param {HTMLElement} list of messages in it
   * @param {ScrollListener} listener
   */
  constructor(area, content, list, listener) {
    this.#area = area;
    this.#list = list;
    this.#listener = listener;
    area.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(content);
    observer.observe(area);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    return scrollHeight - scrollTop - clientHeight < END_TOLERANCE;
  }

  /** Whether the next message will be scrolled into view. */
  get following() {
    return this.#following;
  }

  get nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    return scrollHeight - scrollTop - clientHeight < PREFETCH_DISTANCE;
  }

  /** While following only when all is visible at once. */
  get nearStart() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    return scrollTop < PREFETCH_DISTANCE && (!this.#following || scrollHeight <= clientHeight);
  }

  /** The lower edge of the viewport, in client coordinates. */
  get bottom() {
    return this.#area.getBoundingClientRect().bottom;
  }

  /** Scrolls to the end, and follows from now on. */
  toEnd() {
    this.#following = true;
    this.#scrollTo(this.#area.scrollHeight);
  }

  /** @param {number} pages downwards */
  scrollPages(pages) {
    this.#area.scrollBy({ top: pages * this.#area.clientHeight * 0.9 });
  }

  /** After the content, or the viewport, was resized. */
  settle() {
    if (this.#following) {
      this.#follow();
    } else {
      this.#restore(0);
    }
    // In the next frame: what the listener changes must not be measured in this one.
    requestAnimationFrame(() => this.#listener.viewChanged());
  }

  #follow() {
    const mark = this.#listener.mark();
    const end = this.#area.scrollHeight - this.#area.clientHeight;
    const limit = mark ? this.#area.scrollTop + this.#offsetOf(mark) - MARK_MARGIN : end;
    this.#scrollTo(Math.min(end, limit));
    if (limit < end - END_TOLERANCE) {
      this.#following = this.#listener.isAway();
    }
  }

  /** @param {number} top */
  #scrollTo(top) {
    this.#area.scrollTop = top;
    this.#top = this.#area.scrollTop;
    this.#takeAnchor();
  }

  /**
   * Moves the anchor back to where it was.
   *
   * @param {number} scrolledBy pixels since, downwards, by the reader
   */
  #restore(scrolledBy) {
    if (this.#anchor?.entry.isConnected) {
      const shift = this.#offsetOf(this.#anchor.entry) - this.#anchor.offset + scrolledBy;
      if (shift !== 0) {
        this.#scrollTo(this.#area.scrollTop + shift);
      }
    }
  }

  #onScroll() {
    if (!this.#following && this.#area.scrollHeight !== this.#height) {
      // The content has changed in the same frame, and is not settled yet.
      this.#restore(this.#area.scrollTop - this.#top);
    }
    const { scrollTop } = this.#area;
    if (this.#listener.isBehind()) {
      this.#following = false;
    } else if (this.atEnd) {
      this.#following = true;
    } else if (scrollTop < this.#top) {
      // Only scrolling up ends following; that an image has just made the content longer does not.
      this.#following = false;
    }
    this.#top = scrollTop;
    this.#takeAnchor();
    this.#listener.viewChanged();
  }

  /** By binary search: messages are below one another. */
  #takeAnchor() {
    this.#height = this.#area.scrollHeight;
    const entries = this.#list.children;
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsetOf(entries[middle]) + entries[middle].getBoundingClientRect().height > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const entry = [...entries].slice(low).find(other => other.classList.contains('message')) ?? null;
    this.#anchor = entry && { entry, offset: this.#offsetOf(entry) };
  }

  /** @param {Element} entry */
  #offsetOf(entry) {
    return entry.getBoundingClientRect().top - this.#area.getBoundingClientRect().top;
  }
}
