/**
 * Listens for what a browser says of its network, and for the window's coming back into sight: a machine that slept
 * has slept with its connections.
 *
 * @param {object} told
 * @param {() => void} told.came there may be a network again, or somebody looks
 * @param {() => void} told.went
 * @returns {() => void} ends it
 */
export function listenToNetwork({ came, went }) {
  const shown = () => !document.hidden && came();
  globalThis.addEventListener?.('online', came);
  globalThis.addEventListener?.('offline', went);
  globalThis.document?.addEventListener('visibilitychange', shown);
  return () => {
    globalThis.removeEventListener?.('online', came);
    globalThis.removeEventListener?.('offline', went);
    globalThis.document?.removeEventListener('visibilitychange', shown);
  };
}
