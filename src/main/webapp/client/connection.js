import { ParleyError } from './errors.js';
import { Heartbeat } from './heartbeat.js';
import { HEARTBEAT_TIMEOUT } from './transport.js';
/** @import { WireRecord } from './codec.js' */
/** @import { CloseDetails } from './transport-fallback.js' */
/** @import { Transport, TransportFactory, TransportOptions } from './transport.js' */

/**
 * Why a connection ended: the server's own `disconnect`, or made from the close code.
 *
 * @typedef {object} Disconnect
 * @property {number} code
 * @property {string} name the wire's word for it, or ''
 * @property {boolean} reconnect
 * @property {number} [within] seconds in which to reconnect, at a random moment: the jitter that a restart needs
 */

/**
 * @typedef {object} ConnectionListener
 * @property {() => void} opened
 * @property {(record: WireRecord) => void} pushed
 * @property {(disconnect: Disconnect, details: CloseDetails) => void} closed once
 */

/**
 * Called back before the next line of the same message is read, so that the pushes behind a reply find the state that
 * the reply has brought.
 *
 * @typedef {object} ReplyHandler
 * @property {(result: any) => void} resolve what stands in the reply
 * @property {(error: ParleyError) => void} reject
 */

const PROBE_TIMEOUT = 4_000;
const FIRST_FINAL = 4100;
const LAST_FINAL = 4199;
const FINAL = [1002, 1003, 1007, 1009];
/** In bytes: fills more than the buffers on its way. */
const LARGE_UPLOAD = 64 * 1024;

/** One connection, from its handshake to its end. It correlates replies with commands by their id. */
export class Connection {
  /** @type {Transport} */
  #transport;
  #listener;
  #options;
  #openedAt = Date.now();
  /** @type {Map<number, ReplyHandler & {large: number}>} */
  #pending = new Map();
  #nextId = 1;
  /** Since it opened, also those that the transport still buffers. */
  #bytesSent = 0;
  /** @type {Heartbeat | null} */
  #heartbeat = null;
  /** What the server announced before it closes. @type {Disconnect | null} */
  #disconnect = null;
  #isClosed = false;

  /**
   * @param {URL} url
   * @param {ConnectionListener} listener
   * @param {TransportFactory} factory
   * @param {TransportOptions} options
   */
  constructor(url, listener, factory, options) {
    this.#listener = listener;
    this.#options = options;
    const transportListener = {
      opened: listener.opened,
      received: (/** @type {WireRecord[]} */ records) => {
        this.#isClosed || this.#heartbeat?.received();
        records.forEach(record => this.#received(record));
      },
      closed: (/** @type {{code: number, reason: string}} */ closing) => this.#closed(closing),
    };
    this.#transport = factory(url, transportListener, options);
  }

  /**
   * Sends a command; the promise has what stands in the reply.
   *
   * @param {string} command
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  request(command, body) {
    return new Promise((resolve, reject) => this.send(command, body, { resolve, reject }));
  }

  /**
   * Sends a command, and calls the handler as soon as the reply is read.
   *
   * @param {string} command
   * @param {unknown} body
   * @param {ReplyHandler} handler
   * @param {Blob} [bytes]
   * @returns {() => number} the part of the message that was flushed so far, from 0 to 1
   */
  send(command, body, handler, bytes) {
    if (this.#isClosed) {
      handler.reject(ParleyError.connectionLost());
      return () => 0;
    }
    const id = this.#nextId++;
    this.#pending.set(id, { ...handler, large: bytes && bytes.size > LARGE_UPLOAD ? bytes.size : 0 });
    const before = this.#transport.buffered;
    this.#transport.send({ id, [command]: body }, bytes);
    const size = this.#transport.buffered - before;
    this.#bytesSent += size;
    const end = this.#bytesSent;
    this.#heartbeat ??= this.#newHeartbeat();
    this.#heartbeat.sent();
    return () => (size <= 0 ? 1 : 1 - Math.min(Math.max(end - this.#bytesFlushed, 0), size) / size);
  }

  /** Pings with a short timeout: the connection may be half-open. */
  probe() {
    this.#heartbeat?.probe(PROBE_TIMEOUT);
  }

  /** Closes it, without calling the listener. */
  close() {
    if (!this.#isClosed) {
      this.#end();
      this.#transport.close();
    }
  }

  /** Since it opened. */
  get #bytesFlushed() {
    return this.#bytesSent - this.#transport.buffered;
  }

  /** Made with the first command: nothing may come before `connect`, not even a ping. */
  #newHeartbeat() {
    return new Heartbeat(
      () => this.request('ping', {}).catch(() => {}),
      () => {
        this.#transport.close(HEARTBEAT_TIMEOUT, 'silent');
        this.#closed({ code: HEARTBEAT_TIMEOUT, reason: 'silent' });
      },
      () => ({ buffered: this.#transport.buffered, uploading: this.#uploading() }),
      this.#options,
    );
  }

  #uploading() {
    return [...this.#pending.values()].reduce((sum, { large }) => sum + large, 0);
  }

  /** @param {WireRecord} record */
  #received(record) {
    if (this.#isClosed) {
      return;
    }
    if (record.disconnect) {
      this.#disconnect = record.disconnect;
    } else if (!record.id) {
      this.#listener.pushed(record);
    } else {
      this.#replied(record);
    }
  }

  /** @param {WireRecord} record */
  #replied({ id, error, ...reply }) {
    const handler = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) {
      handler?.reject(new ParleyError(error));
    } else {
      handler?.resolve(Object.values(reply)[0]);
    }
  }

  /** @param {{code: number, reason: string}} closing */
  #closed({ code, reason }) {
    if (this.#isClosed) {
      return;
    }
    const lifetime = Date.now() - this.#openedAt;
    const silence = this.#heartbeat?.silence ?? lifetime;
    this.#end();
    const [name = ''] = reason.split(';');
    const byServer = this.#disconnect !== null || name !== reason;
    const disconnect = this.#disconnect ?? { code, name, reconnect: shouldReconnect(code, reason) };
    this.#listener.closed(disconnect, { code, byServer, lifetime, silence });
  }

  #end() {
    this.#isClosed = true;
    this.#heartbeat?.stop();
    this.#pending.forEach(({ reject }) => reject(ParleyError.connectionLost()));
  }
}

/**
 * As the server's reason ends, or else as the code says.
 *
 * @param {number} code
 * @param {string} reason
 */
function shouldReconnect(code, reason) {
  const said = /; (do not )?reconnect$/.exec(reason);
  return said ? !said[1] : !(code >= FIRST_FINAL && code <= LAST_FINAL) && !FINAL.includes(code);
}
