import { read, SUB_PROTOCOL, write } from './codec.js';
import { ABNORMAL_CLOSURE, UNREADABLE } from './transport.js';
/** @import { Transport, TransportListener, TransportOptions } from './transport.js' */

/**
 * A WebSocket as a transport. A handshake without an answer times out here; a browser would wait for minutes.
 *
 * @param {URL} url
 * @param {TransportListener} listener
 * @param {TransportOptions} options
 * @returns {Transport}
 */
export function webSocketTransport(url, listener, { patience, WebSocket = globalThis.WebSocket }) {
  const socket = new WebSocket(url, SUB_PROTOCOL);
  let closed = false;
  socket.binaryType = 'arraybuffer';

  /** @param {{code: number, reason: string}} closing */
  function end(closing) {
    if (!closed) {
      closed = true;
      clearTimeout(timer);
      listener.closed(closing);
    }
  }

  const timer = setTimeout(() => {
    end({ code: ABNORMAL_CLOSURE, reason: '' });
    socket.close();
  }, patience);

  socket.onopen = () => {
    clearTimeout(timer);
    if (!closed) {
      listener.opened();
    }
  };
  socket.onmessage = event => {
    if (closed) {
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
      closed = true;
      clearTimeout(timer);
      socket.close(code, reason);
    },
  };
}
