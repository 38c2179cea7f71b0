const NEAR = 48;

/** Keeps the newest in sight for who is there already, and leaves alone who reads further up. */
export class Scroll {
  #area;
  #atEnd = true;
  #top = 0;
  #ended;

  /**
   * @param {HTMLElement} area that scrolls
   * @param {HTMLElement} content that grows
   * @param {() => void} ended the end has come into sight
   */
  constructor(area, content, ended) {
    this.#area = area;
    this.#ended = ended;
    area.addEventListener('scroll', () => this.#look(), { passive: true });
    const follow = () => this.#atEnd && this.toEnd();
    const observer = new ResizeObserver(follow);
    observer.observe(content);
    observer.observe(area);
  }

  get atEnd() {
    this.#look();
    return this.#atEnd;
  }

  toEnd() {
    this.#area.scrollTop = this.#area.scrollHeight;
    this.#top = this.#area.scrollTop;
    this.#reached();
  }

  #reached() {
    if (!this.#atEnd) {
      this.#atEnd = true;
      this.#ended();
    }
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    const upwards = scrollTop < this.#top;
    this.#top = scrollTop;
    if (atEnd) {
      this.#reached();
    } else if (upwards) {
      // Only who scrolls up leaves the end; that an image has just made the content longer is not leaving it.
      this.#atEnd = false;
    }
  }
}
