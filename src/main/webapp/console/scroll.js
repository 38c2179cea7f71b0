/** So near to the end counts as there. */
const AT = 48;
/** So near to an end, what comes next is wanted. */
const NEAR = 600;
const ABOVE_MARK = 16;

/**
 * @typedef {object} Sight
 * @property {() => HTMLElement | null} mark what must not pass out of sight above, while the end is followed
 * @property {() => boolean} isAway
 * @property {() => boolean} isBehind whether the end that is here is not the newest
 * @property {() => void} moved other things are in sight
 */

/**
 * Keeps the newest in sight for who is there already. Who reads further up is left there: whatever grows or goes away
 * above, an image or a page of older messages, the first message in sight stays where it is.
 */
export class Scroll {
  #area;
  #list;
  #sight;
  #following = true;
  #top = 0;
  /** Of all the content, when the anchor was taken. */
  #height = 0;
  /** The first message in sight, and how far below the upper edge. @type {{entry: Element, below: number} | null} */
  #anchor = null;

  /**
   * @param {HTMLElement} area that scrolls
   * @param {HTMLElement} content that grows
   * @param {HTMLElement} list of messages in it
   * @param {Sight} sight
   */
  constructor(area, content, list, sight) {
    this.#area = area;
    this.#list = list;
    this.#sight = sight;
    area.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(content);
    observer.observe(area);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    return scrollHeight - scrollTop - clientHeight < AT;
  }

  /** Whether what comes next will be in sight by itself. */
  get following() {
    return this.#following;
  }

  get nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Who follows the end is not near the start, unless all of it is in sight. */
  get nearStart() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    return scrollTop < NEAR && (!this.#following || scrollHeight <= clientHeight);
  }

  /** The lower edge of what is in sight, in the window's pixels. */
  get bottom() {
    return this.#area.getBoundingClientRect().bottom;
  }

  /** Goes to the newest, and follows it from now on. */
  toEnd() {
    this.#following = true;
    this.#to(this.#area.scrollHeight);
  }

  /** @param {number} pages of what is in sight, downwards */
  turn(pages) {
    this.#area.scrollBy({ top: pages * this.#area.clientHeight * 0.9 });
  }

  /** Puts things in place after the content, or the window, has changed. */
  settle() {
    if (this.#following) {
      this.#follow();
    } else {
      this.#restore(0);
    }
    // In the next frame: what it changes must not be measured in this one.
    requestAnimationFrame(() => this.#sight.moved());
  }

  #follow() {
    const mark = this.#sight.mark();
    const end = this.#area.scrollHeight - this.#area.clientHeight;
    const limit = mark ? this.#area.scrollTop + this.#below(mark) - ABOVE_MARK : end;
    this.#to(Math.min(end, limit));
    if (limit < end - AT) {
      this.#following = this.#sight.isAway();
    }
  }

  /** @param {number} top */
  #to(top) {
    this.#area.scrollTop = top;
    this.#top = this.#area.scrollTop;
    this.#hold();
  }

  /**
   * Puts the message that was the first in sight where it was.
   *
   * @param {number} scrolled pixels since, downwards, by who reads
   */
  #restore(scrolled) {
    if (this.#anchor?.entry.isConnected) {
      const shift = this.#below(this.#anchor.entry) - this.#anchor.below + scrolled;
      if (shift !== 0) {
        this.#to(this.#area.scrollTop + shift);
      }
    }
  }

  #scrolled() {
    if (!this.#following && this.#area.scrollHeight !== this.#height) {
      // The content has changed in the same frame, and is not settled yet.
      this.#restore(this.#area.scrollTop - this.#top);
    }
    const { scrollTop } = this.#area;
    if (this.#sight.isBehind()) {
      this.#following = false;
    } else if (this.atEnd) {
      this.#following = true;
    } else if (scrollTop < this.#top) {
      // Only who scrolls up leaves the end; that an image has just made the content longer is not leaving it.
      this.#following = false;
    }
    this.#top = scrollTop;
    this.#hold();
    this.#sight.moved();
  }

  /** Takes hold of the first message in sight; messages stand one below the other. */
  #hold() {
    this.#height = this.#area.scrollHeight;
    const entries = this.#list.children;
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#below(entries[middle]) + entries[middle].getBoundingClientRect().height > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const entry = [...entries].slice(low).find(other => other.classList.contains('message')) ?? null;
    this.#anchor = entry && { entry, below: this.#below(entry) };
  }

  /** @param {Element} entry */
  #below(entry) {
    return entry.getBoundingClientRect().top - this.#area.getBoundingClientRect().top;
  }
}
