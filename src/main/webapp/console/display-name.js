import { byId } from './dom.js';
import { memberName } from './format.js';
/** @import { Parley } from '../client/parley.js' */
/** @import { GuestProfile } from './guest-profile.js' */
/** @import { SidePanel } from './side-panel.js' */

const MAX_LENGTH = 40;

/** The server refuses them in a name: controls, lone surrogates, and marks that change the direction of the text. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cn}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name as it may be; undefined when nothing is left of it.
 *
 * @param {string} text
 */
export function normalizeName(text) {
  const name = [...text.replace(FORBIDDEN, '').trim()].slice(0, MAX_LENGTH).join('');
  return name === '' ? undefined : name;
}

/**
 * The form for the display name, and the hint above the composer while there is none.
 *
 * @param {Parley} parley
 * @param {GuestProfile} profile
 * @param {SidePanel} sidePanel
 */
export function bindNameForm(parley, profile, sidePanel) {
  const input = byId('name', HTMLInputElement);
  const hint = byId('as', HTMLElement);
  const show = () => {
    input.placeholder = parley.user === null ? '' : memberName({ user: parley.user });
    hint.hidden = parley.name !== undefined || parley.user === null;
    byId('as-name', HTMLElement).textContent = memberName({ user: parley.user ?? '' });
  };
  input.value = parley.name ?? '';
  byId('name-form', HTMLFormElement).addEventListener('submit', event => {
    event.preventDefault();
    const name = normalizeName(input.value);
    input.value = name ?? '';
    profile.write({ name });
    parley.rename(name);
    show();
    sidePanel.close();
    byId('text', HTMLElement).focus();
  });
  byId('choose-name', HTMLButtonElement).addEventListener('click', () => {
    sidePanel.open();
    input.focus();
  });
  parley.addEventListener('open', show);
  show();
}
