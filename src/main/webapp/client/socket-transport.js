import { read, SUB_PROTOCOL } from './codec.js';
/** @import { WireRecord } from './codec.js' */

/**
 * What carries one connection. Any other way to the server has these members too.
 *
 * @typedef {object} Transport
 * @property {(message: string | Blob) => void} send only between `opened` and `closed`
 * @property {(code?: number, reason?: string) => void} close nothing is told after this; what was sent may still arrive
 * @property {number} buffered bytes of what was sent that have not left yet
 */

/**
 * What a transport tells: `opened` once, then `received`; `closed` once, whatever went before.
 *
 * @typedef {object} TransportListener
 * @property {() => void} opened
 * @property {(records: WireRecord[]) => void} received
 * @property {(closing: {code: number, reason: string}) => void} closed
 */

const PATIENCE = 10_000;
const NO_ANSWER = 1006;
const UNREADABLE = 3000;

/**
 * The browser's own WebSocket as a transport. A handshake that nobody answers is given up after ten seconds; a browser
 * would wait for minutes.
 *
 * @param {URL} url
 * @param {TransportListener} listener
 * @returns {Transport}
 */
export function socketTransport(url, listener) {
  const socket = new WebSocket(url, SUB_PROTOCOL);
  let over = false;
  socket.binaryType = 'arraybuffer';

  /** @param {{code: number, reason: string}} closing */
  function end(closing) {
    if (!over) {
      over = true;
      clearTimeout(timer);
      listener.closed({ code: closing.code, reason: closing.reason });
    }
  }

  const timer = setTimeout(() => {
    end({ code: NO_ANSWER, reason: 'no answer' });
    socket.close();
  }, PATIENCE);

  socket.onopen = () => {
    clearTimeout(timer);
    if (!over) {
      listener.opened();
    }
  };
  socket.onmessage = event => {
    if (over) {
      return;
    }
    let records;
    try {
      records = read(event.data);
    } catch {
      end({ code: UNREADABLE, reason: 'unreadable' });
      socket.close(UNREADABLE, 'unreadable');
      return;
    }
    listener.received(records);
  };
  socket.onclose = end;

  return {
    send: message => socket.send(message),
    get buffered() {
      return socket.bufferedAmount;
    },
    close(code = 1000, reason = '') {
      over = true;
      clearTimeout(timer);
      socket.close(code, reason);
    },
  };
}
