/**
 * Who this window is. A browser keeps the secrets of its guests, one for each window that was open at once, so that two
 * windows are two guests, and a window that comes back is the guest that it was.
 *
 * A window holds a lock on its seat for as long as it lives. Where the browser has no locks (a page that came neither
 * over https nor from this machine), all its windows are the same guest.
 */
const MOST = 32;
const SEAT = 'parley.seat';

/**
 * @typedef {object} Guest
 * @property {string | undefined} secret
 * @property {string | undefined} name
 */

export class Seat {
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
      // A browser that keeps nothing: this window is a new guest each time.
    }
  }
}

/**
 * The seat that this window had, or the first that is free.
 *
 * @returns {Promise<Seat>}
 */
export async function takeSeat() {
  const number = await freeSeat(remembered());
  try {
    sessionStorage.setItem(SEAT, String(number));
  } catch {
    // As above.
  }
  return new Seat(number);
}

function remembered() {
  try {
    return Number(sessionStorage.getItem(SEAT) ?? 0);
  } catch {
    return 0;
  }
}

/** @param {number} wanted */
async function freeSeat(wanted) {
  if (!navigator.locks) {
    return 0;
  }
  const others = Array.from({ length: MOST }, (_, number) => number).filter(number => number !== wanted);
  for (const number of [wanted, ...others]) {
    if (await lock(`parley.guest.${number}`)) {
      return number;
    }
  }
  return MOST;
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
