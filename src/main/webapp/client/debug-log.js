/** @import { Parley } from './parley.js' */
/** @import { Transport, TransportFactory, TransportName } from './transport.js' */

/**
 * Takes a line of the debug log: what happened, and what belongs to it.
 *
 * @typedef {(what: string, details?: unknown) => void} Log
 */

const EVENTS = ['statechange', 'transport', 'open', 'close', 'error', 'recovered', 'unreadable', 'lost', 'forgotten'];
/** Who reads a log is not to become its writer. */
const SECRETS = ['token', 'secret'];

/**
 * Logs what becomes of a client.
 *
 * @param {Parley} parley
 * @param {Log} log
 */
export function logEvents(parley, log) {
  log(parley.state);
  for (const type of EVENTS) {
    parley.addEventListener(type, event => {
      if (type === 'statechange') {
        log(parley.state);
      } else {
        log(type, { ...event });
      }
    });
  }
}

/**
 * A transport, and the log of all that goes over it.
 *
 * @param {TransportFactory} factory
 * @param {TransportName} name
 * @param {Log} log
 * @returns {TransportFactory}
 */
export function logged(factory, name, log) {
  return (url, listener, options) => {
    log(`${name}: opening`, url.href);
    const transport = factory(url, {
      opened() {
        log(`${name}: opened`);
        listener.opened();
      },
      received(records) {
        records.forEach(record => log(`${name} ←`, readable(record)));
        listener.received(records);
      },
      closed(closing) {
        log(`${name}: closed`, { code: closing.code, reason: closing.reason });
        listener.closed(closing);
      },
    }, options);
    return {
      send(command, bytes) {
        log(`${name} →`, readable(bytes ? { ...command, bytes } : command));
        transport.send(command, bytes);
      },
      get buffered() {
        return transport.buffered;
      },
      close(code, reason) {
        log(`${name}: closing`, { code, reason });
        transport.close(code, reason);
      },
    };
  };
}

/**
 * A copy without secrets, and with the sizes of bytes.
 *
 * @param {unknown} record
 * @returns {any}
 */
function readable(record) {
  return JSON.parse(JSON.stringify(record, (key, value) => {
    if (SECRETS.includes(key) && typeof value === 'string') {
      return '…';
    }
    const bytes = value instanceof Blob ? value.size : ArrayBuffer.isView(value) ? value.byteLength : null;
    return bytes === null ? value : `${bytes} bytes`;
  }));
}
