import { element } from './dom.js';
import { FORGOTTEN } from './error-messages.js';
import { fullTime, hue, initial, memberId, memberName, size, time } from './format.js';
import { isSupported, typeName } from './images.js';
/** @import { Member, Message } from '../client/parley.js' */

/**
 * The element of a message; `setGroupStart` shows or hides its byline.
 *
 * @param {Message} message
 * @param {boolean} own whether it is this client's
 */
export function messageElement(message, own) {
  const name = memberName(message.from);
  const said = element('div', { className: 'said' }, byline(message, own), bubble(body(message, name)));
  const entry = element('li', {
    className: own ? 'message own' : 'message',
    attributes: { 'data-position': message.position },
  });
  if (!own) {
    entry.append(avatar(message.from.user, name));
  }
  entry.append(said);
  return entry;
}

/**
 * The byline is visible on the first of a group, and read out by a screen reader with each.
 *
 * @param {HTMLElement} entry
 * @param {boolean} first
 */
export function setGroupStart(entry, first) {
  entry.classList.toggle('first', first);
  entry.querySelector('.byline')?.classList.toggle('visually-hidden', !first);
}

/**
 * It stays, dimmed, and says in words why.
 *
 * @param {HTMLElement} entry
 */
export function markForgotten(entry) {
  if (!entry.classList.contains('forgotten')) {
    entry.classList.add('forgotten');
    entry.querySelector('.said')?.append(element('p', { className: 'state-line', text: FORGOTTEN }));
  }
}

/**
 * The letter that stands for somebody.
 *
 * @param {string} user
 * @param {string} name
 */
export function avatar(user, name) {
  return element('span', {
    className: `avatar ${hue(user)}`,
    text: initial(name),
    attributes: { 'aria-hidden': 'true' },
  });
}

/**
 * The content of a message, sent or pending.
 *
 * @param {any} data a JSON value or a `Blob`
 */
export function contentElement(data) {
  return data instanceof Blob
    ? image(URL.createObjectURL(data), `Image, ${typeName(data.type)}, ${size(data.size)}`)
    : element('p', { className: 'text', text: textOf(data), dir: 'auto' });
}

/**
 * Frees the object URLs of an element that is removed.
 *
 * @param {Element} entry
 */
export function revokeObjectUrls(entry) {
  for (const shown of entry.querySelectorAll('img')) {
    if (shown.src.startsWith('blob:')) {
      URL.revokeObjectURL(shown.src);
    }
  }
}

/**
 * What frames a text or an image.
 *
 * @param {HTMLElement} content
 */
export function bubble(content) {
  return element('div', { className: content.classList.contains('frame') ? 'bubble picture' : 'bubble' }, content);
}

/**
 * What stands behind a name, so that nobody is taken for another; nothing where the name is that already.
 *
 * @param {Member} member
 */
export function idElements(member) {
  const id = memberId(member);
  return id === '' ? [] : [element('span', { className: 'id', text: id, dir: 'auto' }), new Text(' ')];
}

/**
 * @param {Message} message
 * @param {boolean} own
 */
function byline({ from, at }, own) {
  const name = element('span', {
    className: own ? 'name visually-hidden' : 'name',
    text: own ? 'You' : memberName(from),
    dir: 'auto',
  });
  const attributes = { datetime: at.toISOString(), title: fullTime(at) };
  const when = element('time', { className: 'time', text: time(at), attributes });
  return element('p', { className: 'byline' }, name, new Text(' '), ...(own ? [] : idElements(from)), when);
}

/**
 * @param {Message} message
 * @param {string} name
 */
function body(message, name) {
  const { contentType: type, size: bytes } = message;
  if (type === null) {
    return contentElement(message.data);
  }
  const description = `${typeName(type)}, ${size(bytes ?? 0)}`;
  if (!isSupported(type)) {
    return element('p', { className: 'text aside', text: `A file (${description})` });
  }
  const source = message.url ?? URL.createObjectURL(message.data);
  return image(source, `Image from ${name}, ${description}`);
}

/**
 * @param {string} source
 * @param {string} description
 */
function image(source, description) {
  const shown = element('img', { className: 'image', attributes: { alt: description, decoding: 'async' } });
  const frame = element('a', { className: 'frame', attributes: { href: source, target: '_blank', rel: 'noopener' } });
  shown.addEventListener('error', () => {
    frame.replaceWith(element('p', { className: 'text aside', text: `${description} (it could not be shown)` }));
  });
  shown.src = source;
  frame.append(shown);
  return frame;
}

/** @param {any} data */
function textOf(data) {
  return typeof data?.text === 'string' ? data.text : JSON.stringify(data);
}
