import { ParleyError } from './errors.js';
import { Heartbeat } from './heartbeat.js';
import { SILENT } from './transport.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Ending } from './ladder.js' */
/** @import { Terms, Transport, TransportFactory } from './transport.js' */

/**
 * Why a connection ended.
 *
 * @typedef {object} Closing
 * @property {number} code
 * @property {string} name the wire's word for it, or ''
 * @property {boolean} reconnect
 * @property {number} [within] seconds: when to come back, at any moment of them, so that not all do at the same
 */

/**
 * @typedef {object} ConnectionListener
 * @property {() => void} opened
 * @property {(record: WireRecord) => void} pushed
 * @property {(closing: Closing, ending: Ending) => void} closed once
 */

/**
 * Who waits for an answer. It is told before the next line of the same message is read, so that what comes behind a
 * reply finds what the reply has changed.
 *
 * @typedef {object} Answer
 * @property {(result: any) => void} resolve what stands in the reply
 * @property {(error: ParleyError) => void} reject
 */

const DOUBT = 4_000;
const FIRST_FINAL = 4100;
const LAST_FINAL = 4199;
const FINAL = new Set([1002, 1003, 1007, 1009]);
/** Of a message that is an upload: it fills more than the buffers on its way. */
const LARGE = 64 * 1024;

/** One connection, from its handshake to its end: commands go out with an id, and their replies find their way back. */
export class Connection {
  /** @type {Transport} */
  #transport;
  #listener;
  #terms;
  #began = Date.now();
  /** @type {Map<number, Answer & {large: number}>} */
  #waiting = new Map();
  #nextId = 1;
  /** Bytes given to the transport since it opened. */
  #given = 0;
  /** @type {Heartbeat | null} */
  #heartbeat = null;
  /** The server's last word. @type {Closing | null} */
  #disconnect = null;
  #over = false;

  /**
   * @param {URL} url
   * @param {ConnectionListener} listener
   * @param {TransportFactory} factory
   * @param {Terms} terms
   */
  constructor(url, listener, factory, terms) {
    this.#listener = listener;
    this.#terms = terms;
    const told = {
      opened: () => listener.opened(),
      received: (/** @type {WireRecord[]} */ records) => {
        this.#over || this.#heartbeat?.heard();
        records.forEach(record => this.#received(record));
      },
      closed: (/** @type {{code: number, reason: string}} */ closing) => this.#closed(closing),
    };
    this.#transport = factory(url, told, terms);
  }

  /**
   * Sends a command; the promise has what stands in the reply.
   *
   * @param {string} command
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  request(command, body) {
    return new Promise((resolve, reject) => this.ask(command, body, { resolve, reject }));
  }

  /**
   * Sends a command, and tells the answer as soon as it is read.
   *
   * @param {string} command
   * @param {unknown} body
   * @param {Answer} answer
   * @param {Blob} [bytes]
   * @returns {() => number} how much of the message has left so far, from 0 to 1
   */
  ask(command, body, answer, bytes) {
    if (this.#over) {
      answer.reject(ParleyError.connectionLost());
      return () => 0;
    }
    const id = this.#nextId++;
    this.#waiting.set(id, { ...answer, large: bytes && bytes.size > LARGE ? bytes.size : 0 });
    const before = this.#transport.buffered;
    this.#transport.send({ id, [command]: body }, bytes);
    const size = this.#transport.buffered - before;
    this.#given += size;
    const end = this.#given;
    this.#heartbeat ??= this.#newHeartbeat();
    this.#heartbeat.asked();
    return () => (size <= 0 ? 1 : 1 - Math.min(Math.max(end - this.#left, 0), size) / size);
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

  /** Bytes that have left since it opened. */
  get #left() {
    return this.#given - this.#transport.buffered;
  }

  /** It begins with the first command: nothing may come before `connect`, not even a ping. */
  #newHeartbeat() {
    return new Heartbeat(
      () => this.request('ping', {}).catch(() => {}),
      () => {
        this.#transport.close(SILENT, 'silent');
        this.#closed({ code: SILENT, reason: 'silent' });
      },
      () => ({ buffered: this.#transport.buffered, uploading: this.#uploading() }),
      this.#terms,
    );
  }

  #uploading() {
    return [...this.#waiting.values()].reduce((sum, { large }) => sum + large, 0);
  }

  /** @param {WireRecord} record */
  #received(record) {
    if (this.#over) {
      return;
    }
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
    const life = Date.now() - this.#began;
    const silence = this.#heartbeat?.silence ?? life;
    this.#end();
    const [name = ''] = reason.split(';');
    const told = this.#disconnect !== null || name !== reason;
    this.#listener.closed(this.#disconnect ?? { code, name, reconnect: comesBack(code, reason) }, { code, told, life, silence });
  }

  #end() {
    this.#over = true;
    this.#heartbeat?.stop();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach(({ reject }) => reject(ParleyError.connectionLost()));
  }
}

/**
 * As the server's reason ends, or else as the code says.
 *
 * @param {number} code
 * @param {string} reason
 */
function comesBack(code, reason) {
  const said = /; (do not )?reconnect$/.exec(reason);
  return said ? said[1] === undefined : !(code >= FIRST_FINAL && code <= LAST_FINAL) && !FINAL.has(code);
}
