/** @import { TransportName } from '../client/transport.js' */

/** @type {Record<TransportName, string>} */
export const TRANSPORTS = {
  'websocket': 'WebSocket',
  'sse': 'Server-sent events',
  'long-polling': 'Long polling',
  'polling': 'Polling',
};

/**
 * Those that the address asks for, as in `?transport=polling`, or several of them; undefined where it says nothing, so
 * that the best is found.
 *
 * @returns {TransportName[] | undefined}
 */
export function wantedTransports() {
  const wanted = new URLSearchParams(location.search).getAll('transport');
  const known = /** @type {TransportName[]} */ (wanted.filter(name => name in TRANSPORTS));
  return known.length > 0 ? known : undefined;
}
