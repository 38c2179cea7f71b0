/**
 * Listens for what a browser says of its network, and for the window's coming back into sight, or out of the browser's
 * memory: a machine or a page that slept has slept with its connections.
 *
 * @param {object} told
 * @param {() => void} told.online it may be another network
 * @param {() => void} told.came there may be a network again, or somebody looks
 * @param {() => void} told.went
 * @param {() => void} told.left the page goes away, though it may come back
 * @returns {() => void} ends it
 */
export function listenToNetwork({ online, came, went, left }) {
  const shown = () => !document.hidden && came();
  /** @type {[EventTarget | undefined, string, (event: Event) => void][]} */
  const all = [
    [globalThis, 'online', online],
    [globalThis, 'online', came],
    [globalThis, 'offline', went],
    [globalThis, 'pageshow', event => /** @type {PageTransitionEvent} */ (event).persisted && came()],
    [globalThis, 'pagehide', left],
    [globalThis.document, 'visibilitychange', shown],
    [globalThis.document, 'resume', shown],
  ];
  all.forEach(([target, type, listener]) => target?.addEventListener?.(type, listener));
  return () => all.forEach(([target, type, listener]) => target?.removeEventListener?.(type, listener));
}
