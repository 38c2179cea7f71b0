/**
 * An element. What users wrote goes in as `text`, and so is never read as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {{className?: string, text?: string, dir?: 'auto', attributes?: Record<string, string>}} [options]
 * @param {...Node} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, { className, text, dir, attributes = {} } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (dir) {
    made.dir = dir;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * A button that looks like a link.
 *
 * @param {string} text
 * @param {() => void} action
 * @param {Record<string, string>} [attributes]
 */
export function linkButton(text, action, attributes) {
  const button = element('button', { className: 'link', text, attributes: { type: 'button', ...attributes } });
  button.addEventListener('click', action);
  return button;
}

/**
 * An element that the page has.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} #${id}.`);
  }
  return found;
}

/**
 * Shows a text, or nothing.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
export function showText(target, text) {
  target.textContent = text;
  target.hidden = text === '';
}
