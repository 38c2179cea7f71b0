import { read, SUB_PROTOCOL, write } from './codec.js';
import { ABNORMAL_CLOSURE } from './transport.js';
/** @import { Transport, TransportListener, TransportOptions } from './transport.js' */

/**
 * A WebSocket as a transport. A handshake without an answer times out here; a browser would wait for minutes. A page that
 * may open none (its policy or its `https` forbids it) is told so by the constructor: that is a handshake that failed.
 *
 * @param {URL} url
 * @param {TransportListener} listener
 * @param {TransportOptions} options
 * @returns {Transport}
 */
export function webSocketTransport(url, listener, { patience, WebSocket = globalThis.WebSocket }) {
  let closed = false;
  let socket;
  try {
    socket = new WebSocket(url, SUB_PROTOCOL);
  } catch {
    queueMicrotask(() => closed || listener.closed({ code: ABNORMAL_CLOSURE, reason: '' }));
    return { send() {}, buffered: 0, close: () => (closed = true) };
  }
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
    if (!closed) {
      listener.received(read(event.data));
    }
  };
  socket.onclose = end;
  socket.onerror = () => {}; // `onclose` follows, and the package ws throws what nobody listens for

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
