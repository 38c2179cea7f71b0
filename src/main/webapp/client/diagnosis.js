import { CONNECTION_LOST, ParleyError } from './errors.js';
/** @import { Api } from './api.js' */

const TIMEOUT = 10_000;
const NOT_FOUND = 404;

/**
 * Why nothing opens, where that can be found out. A browser tells a page no more than that a connection failed, be the
 * server away or the page's origin not on its list; but whether there is a server at all, a request that must not read
 * its answer shows (the Fetch standard's mode `no-cors`).
 *
 * @param {{url: URL, base: URL, api: Api, fetch?: typeof globalThis.fetch}} where
 * @returns {Promise<ParleyError | null>} null when nothing answers, or it only does not work just now
 */
export async function diagnose({ url, base, api, fetch = globalThis.fetch }) {
  try {
    await api.ask('connection', new AbortController().signal, TIMEOUT);
    return unopened(url);
  } catch (error) {
    const { name, code, retry } = /** @type {ParleyError} */ (error);
    if (code === NOT_FOUND) {
      return new ParleyError({ code, name: 'not-found', message: `There is no Parley server at ${base}.` });
    }
    if (name !== CONNECTION_LOST) {
      return retry ? null : /** @type {ParleyError} */ (error);
    }
    return code === 0 && (await answers(fetch, base)) ? unlisted(base) : null;
  }
}

/** @param {URL} url */
function unopened(url) {
  return new ParleyError({
    name: 'not-opened',
    message: `The server answers, but no WebSocket opens at ${url}: either its path is wrong (README has …/channels), or a`
      + ' proxy does not pass on Upgrade.',
    retry: true,
  });
}

/** @param {URL} base */
function unlisted(base) {
  const { origin } = globalThis.location ?? {};
  return new ParleyError({
    code: 403,
    name: 'origin-not-listed',
    message: `There is a server at ${base}, but a page of ${origin} may not use it: is that origin in its parley.origins?`,
    retry: true,
  });
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {URL} base
 */
async function answers(fetch, base) {
  try {
    await fetch(base, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT) });
    return true;
  } catch {
    return false;
  }
}
