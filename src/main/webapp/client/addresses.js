/**
 * Where the endpoint is, whatever the page was asked for by.
 *
 * @param {string | URL} url relative to the page
 */
export function socketUrl(url) {
  const absolute = new URL(url, globalThis.document?.baseURI);
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
