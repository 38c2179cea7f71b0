import { byId } from './dom.js';

/**
 * The ways by which files come to the page: the button, paste, and drop anywhere in the conversation.
 *
 * @param {(files: File[]) => void} take
 */
export function listenForFiles(take) {
  const input = byId('file', HTMLInputElement);
  byId('add-image', HTMLButtonElement).addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = '';
    take(files);
  });
  byId('text', HTMLTextAreaElement).addEventListener('paste', event => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) {
      event.preventDefault();
      take(files);
    }
  });
  listenForDrops(take);
}

/** @param {(files: File[]) => void} take */
function listenForDrops(take) {
  const area = byId('conversation', HTMLElement);
  const sign = byId('drop', HTMLElement);
  area.addEventListener('dragover', event => {
    if (hasFiles(event)) {
      event.preventDefault();
      sign.hidden = false;
    }
  });
  area.addEventListener('dragleave', event => {
    if (!area.contains(/** @type {Node | null} */ (event.relatedTarget))) {
      sign.hidden = true;
    }
  });
  area.addEventListener('drop', event => {
    sign.hidden = true;
    if (hasFiles(event)) {
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    }
  });
  // A file that misses the conversation must not take the place of the page.
  for (const type of ['dragover', 'drop']) {
    addEventListener(type, event => event.preventDefault());
  }
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
