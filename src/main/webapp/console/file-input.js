import { byId } from './dom.js';

/**
 * Files from the button, from paste, and from drop anywhere in the conversation.
 *
 * @param {(files: File[]) => void} take
 */
export function onFiles(take) {
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
  onDrop(take);
}

/** @param {(files: File[]) => void} take */
function onDrop(take) {
  const area = byId('conversation', HTMLElement);
  const dropHint = byId('drop', HTMLElement);
  area.addEventListener('dragover', event => {
    if (hasFiles(event)) {
      event.preventDefault();
      dropHint.hidden = false;
    }
  });
  area.addEventListener('dragleave', event => {
    if (!area.contains(/** @type {Node | null} */ (event.relatedTarget))) {
      dropHint.hidden = true;
    }
  });
  area.addEventListener('drop', event => {
    dropHint.hidden = true;
    if (hasFiles(event)) {
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    }
  });
  // By default a file dropped elsewhere would be opened instead of the page.
  for (const type of ['dragover', 'drop']) {
    addEventListener(type, event => event.preventDefault());
  }
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
