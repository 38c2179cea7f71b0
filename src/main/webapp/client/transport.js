/** @import { Api } from './api.js' */
/** @import { WireRecord } from './codec.js' */

/**
 * In fallback order, the best first.
 *
 * @typedef {'websocket' | 'sse' | 'long-polling' | 'polling'} TransportName
 */

/**
 * Carries one connection: commands go in, replies and pushes come out.
 *
 * @typedef {object} Transport
 * @property {(command: Record<string, unknown>, bytes?: Blob) => void} send only between `opened` and `closed`
 * @property {(code?: number, reason?: string) => void} close no callback after this; what was sent may still arrive
 * @property {number} buffered bytes of what was sent that have not left yet
 */

/**
 * The callbacks of a transport: `opened` once, then `received`, with no records where there was only a heartbeat;
 * `closed` once, whatever went before.
 *
 * @typedef {object} TransportListener
 * @property {() => void} opened
 * @property {(records: WireRecord[]) => void} received
 * @property {(closing: {code: number, reason: string}) => void} closed
 */

/**
 * @typedef {object} TransportOptions
 * @property {number} quiet the heartbeat's interval: milliseconds without traffic before a ping
 * @property {number} patience the connect timeout: milliseconds until something must have been received
 * @property {Api} api
 * @property {typeof globalThis.WebSocket} [WebSocket] instead of the browser's own
 * @property {(requests: number) => void} [hold] tells that the server holds so many requests from now on, instead of one
 */

/** @typedef {(url: URL, listener: TransportListener, options: TransportOptions) => Transport} TransportFactory */

/**
 * A transport whose module is loaded when it is needed: a page that has its WebSocket loads no other.
 *
 * @param {() => Promise<TransportFactory>} load
 * @returns {TransportFactory}
 */
export function onDemand(load) {
  return (url, listener, options) => {
    /** @type {Transport | undefined} */
    let transport;
    let closed = false;
    load().then(
      factory => {
        if (!closed) {
          transport = factory(url, listener, options);
        }
      },
      () => closed || listener.closed({ code: ABNORMAL_CLOSURE, reason: '' }),
    );
    return {
      send: (command, bytes) => transport?.send(command, bytes),
      get buffered() {
        return transport?.buffered ?? 0;
      },
      close(code, reason) {
        closed = true;
        transport?.close(code, reason);
      },
    };
  };
}

/** RFC 6455 section 7.4.1: closed without a close frame. */
export const ABNORMAL_CLOSURE = 1006;
export const HEARTBEAT_TIMEOUT = 3001;
/** It opened, and then nothing was received. */
export const NO_DATA = 3002;
/** Of an upload, in bytes a millisecond: a slower one times out. */
export const MIN_BANDWIDTH = 64;
