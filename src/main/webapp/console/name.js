import { byId } from './dom.js';
import { memberName } from './format.js';
/** @import { Parley } from '../client/parley.js' */
/** @import { Seat } from './guest.js' */
/** @import { People } from './people.js' */

const LONGEST = 40;

/** What the server takes in no name: controls, halves of characters, and marks that turn the text around them. */
const REFUSED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cn}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name as it may be; undefined when nothing is left of it.
 *
 * @param {string} text
 */
export function nameFrom(text) {
  const name = [...text.replace(REFUSED, '').trim()].slice(0, LONGEST).join('');
  return name === '' ? undefined : name;
}

/**
 * The field for one's name, and the line above the composer that tells who has chosen none.
 *
 * @param {Parley} parley
 * @param {Seat} seat
 * @param {People} people
 */
export function listenForName(parley, seat, people) {
  const input = byId('name', HTMLInputElement);
  const as = byId('as', HTMLElement);
  const show = () => {
    input.placeholder = parley.user === null ? '' : memberName({ user: parley.user });
    as.hidden = parley.name !== undefined || parley.user === null;
    byId('as-name', HTMLElement).textContent = memberName({ user: parley.user ?? '' });
  };
  input.value = parley.name ?? '';
  byId('name-form', HTMLFormElement).addEventListener('submit', event => {
    event.preventDefault();
    const name = nameFrom(input.value);
    input.value = name ?? '';
    seat.write({ name });
    parley.rename(name);
    show();
    people.close();
    byId('text', HTMLElement).focus();
  });
  byId('choose-name', HTMLButtonElement).addEventListener('click', () => {
    people.open();
    input.focus();
  });
  parley.addEventListener('open', show);
  show();
}
