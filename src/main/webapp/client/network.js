/**
 * Listens for the network's state, for the page's visibility, and for its return from the back/forward cache: the
 * connections of a page that was suspended may be half-open.
 *
 * @param {object} listener
 * @param {() => void} listener.online it may be another network
 * @param {() => void} listener.resume there is a network again, or the page is visible
 * @param {() => void} listener.offline
 * @param {() => void} listener.pagehide for good, or into the back/forward cache
 * @returns {() => void} removes the listeners
 */
export function watchNetwork({ online, resume, offline, pagehide }) {
  const visible = () => !document.hidden && resume();
  /** @type {[EventTarget | undefined, string, (event: Event) => void][]} */
  const listeners = [
    [globalThis, 'online', online],
    [globalThis, 'online', resume],
    [globalThis, 'offline', offline],
    [globalThis, 'pageshow', event => /** @type {PageTransitionEvent} */ (event).persisted && resume()],
    [globalThis, 'pagehide', pagehide],
    [globalThis.document, 'visibilitychange', visible],
    [globalThis.document, 'resume', visible],
  ];
  const watching = new AbortController();
  listeners.forEach(([target, type, handler]) => target?.addEventListener?.(type, handler, { signal: watching.signal }));
  return () => watching.abort();
}
