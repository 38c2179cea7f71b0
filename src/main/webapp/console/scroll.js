const NEAR = 48;

/** Keeps the newest in sight for who is there already, and leaves alone who reads further up. */
export class Scroll {
  #area;
  #atEnd = true;
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
    return this.#atEnd;
  }

  toEnd() {
    this.#atEnd = true;
    this.#area.scrollTop = this.#area.scrollHeight;
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#area;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (atEnd && !this.#atEnd) {
      this.#ended();
    }
    this.#atEnd = atEnd;
  }
}
