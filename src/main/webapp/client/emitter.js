/** An `EventTarget` that, as the browser's own objects, also takes handlers: `onmessage = …`. */
export class Emitter extends EventTarget {
  /** @param {string[]} types of the events it may have */
  constructor(types) {
    super();
    for (const type of types) {
      this.addEventListener(type, event => /** @type {any} */ (this)[`on${type}`]?.call?.(this, event));
    }
  }
}
