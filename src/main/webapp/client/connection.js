import { write } from './codec.js';
import { ParleyError } from './errors.js';
import { Heartbeat } from './heartbeat.js';
import { socketTransport } from './socket-transport.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Transport, TransportListener } from './socket-transport.js' */

/** @typedef {(url: URL, listener: TransportListener) => Transport} TransportFactory */

/**
 * Why a connection ended.
 *
 * @typedef {object} Closing
 * @property {number} code
 * @property {string} name the wire's word for it, or ''
 * @property {boolean} reconnect
 */

/**
 * @typedef {object} ConnectionListener
 * @property {() => void} opened
 * @property {(record: WireRecord) => void} pushed
 * @property {(closing: Closing) => void} closed once
 */

const SILENT = 3001;
const DOUBT = 4_000;
const FIRST_FINAL = 4100;
const LAST_FINAL = 4199;
const FINAL = new Set([1002, 1003, 1007, 1009]);

/** One connection, from its handshake to its end: commands go out with an id, and their replies find their way back. */
export class Connection {
  #transport;
  #listener;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: ParleyError) => void}>} */
  #waiting = new Map();
  #nextId = 1;
  /** @type {Heartbeat | null} */
  #heartbeat = null;
  /** The server's last word. @type {Closing | null} */
  #disconnect = null;
  #over = false;

  /**
   * @param {URL} url
   * @param {ConnectionListener} listener
   * @param {TransportFactory} [factory]
   */
  constructor(url, listener, factory = socketTransport) {
    this.#listener = listener;
    this.#transport = factory(url, {
      opened: () => this.#opened(),
      received: records => records.forEach(record => this.#received(record)),
      closed: closing => this.#closed(closing),
    });
  }

  /**
   * Sends a command; the promise has what stands in the reply.
   *
   * @param {string} command
   * @param {unknown} body
   * @param {Blob} [bytes]
   * @returns {Promise<any>}
   */
  request(command, body, bytes) {
    if (this.#over) {
      return Promise.reject(ParleyError.connectionLost());
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#transport.send(write({ id, [command]: body }, bytes));
    });
  }

  /** Asks the server for a sign of life, with little patience: there is reason for doubt. */
  probe() {
    this.#heartbeat?.probe(DOUBT);
  }

  /** Ends it; the listener is told no more. */
  close() {
    if (!this.#over) {
      this.#end();
      this.#transport.close();
    }
  }

  #opened() {
    this.#heartbeat = new Heartbeat(
      () => this.request('ping', {}).catch(() => {}),
      () => {
        this.#transport.close(SILENT, 'silent');
        this.#closed({ code: SILENT, reason: 'silent' });
      },
    );
    this.#listener.opened();
  }

  /** @param {WireRecord} record */
  #received(record) {
    if (this.#over) {
      return;
    }
    this.#heartbeat?.heard();
    if (record.disconnect) {
      this.#disconnect = record.disconnect;
    } else if (record.id === undefined) {
      this.#listener.pushed(record);
    } else {
      this.#answered(record);
    }
  }

  /** @param {WireRecord} record */
  #answered({ id, error, ...reply }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) {
      waiting?.reject(new ParleyError(error));
    } else {
      waiting?.resolve(Object.values(reply)[0]);
    }
  }

  /** @param {{code: number, reason: string}} closing */
  #closed({ code, reason }) {
    if (this.#over) {
      return;
    }
    this.#end();
    const comeBack = !(code >= FIRST_FINAL && code <= LAST_FINAL) && !FINAL.has(code);
    const [name = ''] = reason.split(';');
    this.#listener.closed(this.#disconnect ?? { code, name, reconnect: comeBack });
  }

  #end() {
    this.#over = true;
    this.#heartbeat?.stop();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach(({ reject }) => reject(ParleyError.connectionLost()));
  }
}
