import { byId } from './dom.js';
import { memberName } from './format.js';
/** @import { Parley } from '../client/parley.js' */
/** @import { GuestProfile } from './guest-profile.js' */
/** @import { SidePanel } from './side-panel.js' */

const MAX_LENGTH = 40;

/**
 * The server refuses them in a name: what shows nothing, and what changes the direction of the text. Joiners and the style
 * of emoji may stand where they do something.
 */
const FORBIDDEN = /(?![\u200c\u200d\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800\ufffc\u{1d159}]/gu;
const BLANKS = /[\p{Zs}\s]+/gu;

/**
 * A name as it may be; undefined when nothing is left of it.
 *
 * @param {string} text
 */
export function normalizeName(text) {
  const single = text.replace(BLANKS, ' ').replace(FORBIDDEN, '').replace(/ {2,}/gu, ' ').trim();
  const name = [...single].slice(0, MAX_LENGTH).join('').trim();
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
