/** An `EventTarget` that, as the browser's own objects, also takes handlers: `onmessage = …`. */
export class Emitter extends EventTarget {
  /** @param {Event} event */
  dispatchEvent(event) {
    this.addEventListener(event.type, this); // once, however often
    return super.dispatchEvent(event);
  }

  /** @param {Event} event */
  handleEvent(event) {
    /** @type {any} */ (this)[`on${event.type}`]?.(event);
  }
}

/**
 * One with a state.
 *
 * @template {string} S
 */
export class StatefulEmitter extends Emitter {
  /** @type {((event: Event) => void) | null} */
  onstatechange = null;

  #state;

  /** @param {S} state */
  constructor(state) {
    super();
    this.#state = state;
  }

  get state() {
    return this.#state;
  }

  /** @param {S} state */
  enter(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
}
