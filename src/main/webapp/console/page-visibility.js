/**
 * Whether the user is away: the page is hidden, or another window has the focus.
 *
 * @returns {boolean}
 */
export function isAway() {
  return document.hidden || !document.hasFocus();
}

/** @param {() => void} changed */
export function onVisibilityChange(changed) {
  document.addEventListener('visibilitychange', changed);
  addEventListener('focus', changed);
  addEventListener('blur', changed);
}
