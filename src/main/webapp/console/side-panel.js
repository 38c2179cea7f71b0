import { byId } from './dom.js';

/** The panel with members and settings: always visible on a wide page, opened by a button on a narrow one. */
export class SidePanel {
  #panel = byId('side', HTMLElement);
  #button = byId('people-button', HTMLButtonElement);

  constructor() {
    this.#button.addEventListener('click', () => this.#set(!this.#open));
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.#open) {
        this.close();
        this.#button.focus();
      }
    });
  }

  open() {
    this.#set(true);
  }

  close() {
    this.#set(false);
  }

  get #open() {
    return this.#panel.classList.contains('open');
  }

  /** @param {boolean} open */
  #set(open) {
    this.#panel.classList.toggle('open', open);
    this.#button.setAttribute('aria-expanded', String(open));
  }
}
