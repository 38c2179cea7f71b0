import { byId, element, linkButton, showText } from './dom.js';
import { size } from './format.js';
import { toImage } from './images.js';
import { revokeObjectUrls } from './message-view.js';

const MAX_IMAGES = 10;

/** The images that will be sent with the next message: chosen, pasted or dropped. */
export class Attachments {
  #list = byId('attachments', HTMLElement);
  #problem = byId('problem', HTMLElement);
  #changed;
  /** @type {Blob[]} */
  #images = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  get size() {
    return this.#images.length;
  }

  /** @param {Iterable<File>} files */
  async add(files) {
    const problems = [];
    for (const file of files) {
      try {
        this.#add(await toImage(file), file.name);
      } catch (error) {
        problems.push(error instanceof RangeError ? error.message : 'This file could not be read.');
      }
    }
    showText(this.#problem, problems.join(' '));
    this.#changed();
  }

  /** Empties the list, and returns the images. */
  take() {
    const images = this.#images;
    this.#images = [];
    [...this.#list.children].forEach(revokeObjectUrls);
    this.#list.replaceChildren();
    this.#list.hidden = true;
    showText(this.#problem, '');
    return images;
  }

  /**
   * @param {Blob} image
   * @param {string} name
   */
  #add(image, name) {
    if (this.#images.length >= MAX_IMAGES) {
      throw new RangeError(`No more than ${MAX_IMAGES} images at a time.`);
    }
    this.#images.push(image);
    this.#list.append(this.#entry(image, name));
    this.#list.hidden = false;
  }

  /**
   * @param {Blob} image
   * @param {string} name
   */
  #entry(image, name) {
    const shown = element('img', { attributes: { alt: '' } });
    shown.src = URL.createObjectURL(image);
    const label = { 'aria-label': `Remove ${name || 'the image'}` };
    const remove = linkButton('Remove', () => this.#remove(image, entry), label);
    const caption = element('span', { className: 'file-name', text: name || 'Image', dir: 'auto' });
    const entry = element('li', {}, shown, caption, element('span', { className: 'file-size', text: size(image.size) }), remove);
    return entry;
  }

  /**
   * @param {Blob} image
   * @param {HTMLElement} entry
   */
  #remove(image, entry) {
    this.#images = this.#images.filter(other => other !== image);
    revokeObjectUrls(entry);
    entry.remove();
    this.#list.hidden = this.#images.length === 0;
    this.#changed();
    byId('text', HTMLElement).focus();
  }
}
