/**
 * The guest that this window is: name and secret in `localStorage`, in one of several slots, so that two windows are two
 * guests, and a window that is opened again is the same guest.
 *
 * A window holds a Web Lock on its slot until it is closed. Without Web Locks (they need a secure context) all windows
 * are the same guest.
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
    try {
      const { secret, name } = JSON.parse(localStorage.getItem(this.#key) ?? '{}');
      return { secret, name };
    } catch {
      return { secret: undefined, name: undefined };
    }
  }

  /** @param {Partial<Guest>} changes */
  write(changes) {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ ...this.read(), ...changes }));
    } catch {
      // Without storage this window is a new guest each time.
    }
  }
}

/**
 * The slot that this window had before, or the first that is free.
 *
 * @returns {Promise<GuestProfile>}
 */
export async function claimGuestProfile() {
  const number = await freeSlot(previousSlot());
  try {
    sessionStorage.setItem(SLOT_KEY, String(number));
  } catch {
    // As above.
  }
  return new GuestProfile(number);
}

function previousSlot() {
  try {
    return Number(sessionStorage.getItem(SLOT_KEY) ?? 0);
  } catch {
    return 0;
  }
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
