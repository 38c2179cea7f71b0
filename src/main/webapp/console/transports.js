/** @import { TransportName } from '../client/parley.js' */

/** @type {Record<TransportName, string>} */
export const TRANSPORTS = {
  'websocket': 'WebSocket',
  'sse': 'Server-sent events',
  'long-polling': 'Long polling',
  'polling': 'Polling',
};

/**
 * Those of the query string, as in `?transport=polling`; undefined without any, so that the client chooses the best.
 *
 * @returns {TransportName[] | undefined}
 */
export function wantedTransports() {
  const wanted = new URLSearchParams(location.search).getAll('transport');
  const known = /** @type {TransportName[]} */ (wanted.filter(name => name in TRANSPORTS));
  return known.length > 0 ? known : undefined;
}
