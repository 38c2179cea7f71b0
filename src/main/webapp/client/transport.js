/** @import { Api } from './api.js' */
/** @import { WireRecord } from './codec.js' */

/**
 * The ways to a server, the best first.
 *
 * @typedef {'websocket' | 'sse' | 'long-polling' | 'polling'} TransportName
 */

/**
 * What carries one connection, whatever it is made of: commands go in, replies and pushes come out.
 *
 * @typedef {object} Transport
 * @property {(command: Record<string, unknown>, bytes?: Blob) => void} send only between `opened` and `closed`
 * @property {(code?: number, reason?: string) => void} close nothing is told after this; what was sent may still arrive
 * @property {number} buffered bytes of what was sent that have not left yet
 */

/**
 * What a transport tells: `opened` once, then `received`, with nothing in it where there was only a sign of life;
 * `closed` once, whatever went before.
 *
 * @typedef {object} TransportListener
 * @property {() => void} opened
 * @property {(records: WireRecord[]) => void} received
 * @property {(closing: {code: number, reason: string}) => void} closed
 */

/**
 * What a connection begins with.
 *
 * @typedef {object} Terms
 * @property {number} quiet milliseconds that the line may be silent for, before something is sent that is answered
 * @property {number} patience milliseconds until the first sign of life
 * @property {Api} api
 */

/** @typedef {(url: URL, listener: TransportListener, terms: Terms) => Transport} TransportFactory */

/** Of RFC 6455 section 7.4.1: it ended, and nobody said why. */
export const NO_ANSWER = 1006;
/** What came is not of the wire. */
export const UNREADABLE = 3000;
/** What was there says nothing any more. */
export const SILENT = 3001;
/** It opened, and then carried nothing. */
export const CARRIES_NOTHING = 3002;
