import { Attachments } from './attachments.js';
import { byId, showText } from './dom.js';
import { listenForFiles } from './file-sources.js';

/** What a room takes, counted as the server counts. */
const LONGEST = 4_000;
const TELL_FROM = 3_600;

/** Where a message is written. */
export class Composer {
  #text = byId('text', HTMLTextAreaElement);
  #send = byId('send', HTMLButtonElement);
  #length = byId('length', HTMLElement);
  #attachments = new Attachments(() => this.#show());
  #publish;

  #turn;
  #wrote;

  /**
   * @param {object} told
   * @param {(content: any) => void} told.publish takes a text's object or an image
   * @param {(something: boolean) => void} told.wrote the text changed; whether anything is left of it
   * @param {(pages: number) => void} told.turn the messages by so many pages
   */
  constructor({ publish, wrote, turn }) {
    this.#publish = publish;
    this.#wrote = wrote;
    this.#turn = turn;
    byId('composer', HTMLFormElement).addEventListener('submit', event => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('keydown', event => this.#key(event));
    this.#text.addEventListener('input', () => {
      this.#wrote(this.#characters() > 0);
      this.#show();
    });
    listenForFiles(files => this.#attachments.add(files));
    this.#show();
  }

  focus() {
    this.#text.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // An Enter that chooses a word of an input method is not one that sends.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'PageUp' || event.key === 'PageDown') {
      event.preventDefault();
      this.#turn(event.key === 'PageUp' ? -1 : 1);
    }
  }

  #submit() {
    if (!this.#maySend()) {
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

  #maySend() {
    const length = this.#characters();
    return length <= LONGEST && (length > 0 || this.#attachments.size > 0);
  }

  #characters() {
    return [...this.#text.value.trim()].length;
  }

  #show() {
    const length = this.#characters();
    this.#send.disabled = !this.#maySend();
    showText(this.#length, length >= TELL_FROM ? `${length} of ${LONGEST} characters` : '');
    this.#length.classList.toggle('too-long', length > LONGEST);
    this.#text.style.height = 'auto';
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
