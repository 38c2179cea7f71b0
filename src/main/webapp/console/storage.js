/**
 * Values in the browser's storage, as JSON. Some browsers refuse storage, or have no more room: then nothing is stored.
 *
 * @typedef {'localStorage' | 'sessionStorage'} StorageName
 */

/**
 * @param {string} key
 * @param {StorageName} [storage]
 * @returns {any} null where there is none
 */
export function load(key, storage = 'localStorage') {
  try {
    return JSON.parse(globalThis[storage].getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {unknown} value
 * @param {StorageName} [storage]
 */
export function store(key, value, storage = 'localStorage') {
  try {
    globalThis[storage].setItem(key, JSON.stringify(value));
  } catch {
    // As above.
  }
}
