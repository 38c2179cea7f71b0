/**
 * Where the endpoint is, whatever the page was asked for by.
 *
 * @param {string | URL} url relative to the page, or to the script of a worker
 */
export function socketUrl(url) {
  const { document, location } = globalThis;
  // A worker made of a blob has an address that nothing is relative to, and the origin of its page
  const base = document?.baseURI ?? (location?.protocol === 'blob:' ? location.origin : location?.href);
  const absolute = new URL(url, base);
  absolute.protocol = absolute.protocol.replace(/^http/, 'ws');
  return absolute;
}

/**
 * The context root, which the endpoint is right below.
 *
 * @param {URL} url
 */
export function contextRoot(url) {
  const base = new URL('.', url);
  base.protocol = base.protocol.replace(/^ws/, 'http');
  return base;
}
