import { Attachments } from './attachments.js';
import { byId, showText } from './dom.js';
import { onFiles } from './file-input.js';

/** The room's limit, in code points as the server counts. */
const MAX_CHARACTERS = 4_000;
const SHOW_COUNT_FROM = 3_600;

/** The form where a message is written. */
export class Composer {
  #text = byId('text', HTMLTextAreaElement);
  #send = byId('send', HTMLButtonElement);
  #length = byId('length', HTMLElement);
  #attachments = new Attachments(() => this.#show());
  #publish;

  #scrollPages;
  #edited;

  /**
   * @param {object} listener
   * @param {(content: any) => void} listener.publish a text's object, or an image
   * @param {(something: boolean) => void} listener.edited whether the text is not empty
   * @param {(pages: number) => void} listener.scrollPages the timeline, downwards
   */
  constructor({ publish, edited, scrollPages }) {
    this.#publish = publish;
    this.#edited = edited;
    this.#scrollPages = scrollPages;
    byId('composer', HTMLFormElement).addEventListener('submit', event => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('keydown', event => this.#key(event));
    this.#text.addEventListener('input', () => {
      this.#edited(this.#characters() > 0);
      this.#show();
    });
    onFiles(files => this.#attachments.add(files));
    this.#show();
  }

  focus() {
    this.#text.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // Enter while composing belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'PageUp' || event.key === 'PageDown') {
      event.preventDefault();
      this.#scrollPages(event.key === 'PageUp' ? -1 : 1);
    }
  }

  #submit() {
    if (!this.#canSend()) {
      return;
    }
    this.#attachments.take().forEach(image => this.#publish(image));
    const text = this.#text.value.trim();
    if (text !== '') {
      this.#publish({ text });
    }
    this.#text.value = '';
    this.#show();
    this.#text.focus();
  }

  #canSend() {
    const length = this.#characters();
    return length <= MAX_CHARACTERS && (length > 0 || this.#attachments.size > 0);
  }

  #characters() {
    return [...this.#text.value.trim()].length;
  }

  #show() {
    const length = this.#characters();
    this.#send.disabled = !this.#canSend();
    showText(this.#length, length >= SHOW_COUNT_FROM ? `${length} of ${MAX_CHARACTERS} characters` : '');
    this.#length.classList.toggle('too-long', length > MAX_CHARACTERS);
    this.#text.style.height = 'auto';
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
