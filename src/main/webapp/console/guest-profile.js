import { load, store } from './storage.js';

/**
 * The guest that this window is: name and secret in `localStorage`, in one of several slots, so that two windows are two
 * guests, and a window that is opened again is the same guest.
 *
 * A window holds a Web Lock on its slot until it is closed. Without Web Locks (they need a secure context) all windows
 * are the same guest; without storage each is a new guest each time.
 */
const MAX_PROFILES = 32;
const SLOT_KEY = 'parley.seat';

/**
 * @typedef {object} Guest
 * @property {string | undefined} secret
 * @property {string | undefined} name
 */

/** A slot. */
export class GuestProfile {
  #key;

  /** @param {number} number */
  constructor(number) {
    this.#key = `parley.guest.${number}`;
  }

  /** @returns {Guest} */
  read() {
    const { secret, name } = load(this.#key) ?? {};
    return { secret, name };
  }

  /** @param {Partial<Guest>} changes */
  write(changes) {
    store(this.#key, { ...this.read(), ...changes });
  }
}

/**
 * The slot that this window had before, or the first that is free.
 *
 * @returns {Promise<GuestProfile>}
 */
export async function claimGuestProfile() {
  const number = await freeSlot(Number(load(SLOT_KEY, 'sessionStorage')));
  store(SLOT_KEY, number, 'sessionStorage');
  return new GuestProfile(number);
}

/** @param {number} wanted */
async function freeSlot(wanted) {
  if (!navigator.locks) {
    return 0;
  }
  const others = Array.from({ length: MAX_PROFILES }, (_, number) => number).filter(number => number !== wanted);
  for (const number of [wanted, ...others]) {
    if (await lock(`parley.guest.${number}`)) {
      return number;
    }
  }
  return MAX_PROFILES;
}

/**
 * @param {string} name
 * @returns {Promise<boolean>} whether it is this window's, until it is closed
 */
function lock(name) {
  return new Promise(resolve => {
    navigator.locks
      .request(name, { ifAvailable: true }, held => {
        resolve(held !== null);
        return held === null ? undefined : new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}
