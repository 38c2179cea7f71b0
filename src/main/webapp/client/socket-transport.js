import { read, SUB_PROTOCOL, write } from './codec.js';
import { NO_ANSWER, UNREADABLE } from './transport.js';
/** @import { Terms, Transport, TransportListener } from './transport.js' */

/**
 * The browser's own WebSocket as a transport. A handshake that nobody answers is given up; a browser would wait for
 * minutes.
 *
 * @param {URL} url
 * @param {TransportListener} listener
 * @param {Terms} terms
 * @returns {Transport}
 */
export function socketTransport(url, listener, { patience }) {
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
    end({ code: NO_ANSWER, reason: '' });
    socket.close();
  }, patience);

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
      end({ code: UNREADABLE, reason: '' });
      socket.close(UNREADABLE);
      return;
    }
    listener.received(records);
  };
  socket.onclose = end;

  return {
    send: (command, bytes) => socket.send(write(command, bytes)),
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
