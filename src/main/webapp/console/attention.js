/**
 * Whether somebody looks at this window: it is in sight, and where one writes.
 *
 * @returns {boolean}
 */
export function isAway() {
  return document.hidden || !document.hasFocus();
}

/** @param {() => void} changed somebody came, or went */
export function listenForAttention(changed) {
  document.addEventListener('visibilitychange', changed);
  addEventListener('focus', changed);
  addEventListener('blur', changed);
}
