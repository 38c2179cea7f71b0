/**
 * The wire of `v1.parley`: a text message is one or more JSON objects, one a line; a binary message is one JSON line, a
 * newline, and the bytes.
 */

/** The sub-protocol that the WebSocket asks for. */
export const SUB_PROTOCOL = 'v1.parley';

const NEWLINE = 10;

/**
 * One line of the wire, read.
 *
 * @typedef {Record<string, any> & {bytes?: Uint8Array}} WireRecord
 */

/**
 * @param {string | ArrayBuffer} message as a WebSocket gives it
 * @returns {WireRecord[]}
 */
export function read(message) {
  return typeof message === 'string' ? readText(message) : [readBinary(new Uint8Array(message))];
}

/**
 * @param {Record<string, unknown>} command
 * @param {Blob} [bytes] make it a binary message
 * @returns {string | Blob}
 */
export function write(command, bytes) {
  const line = JSON.stringify(command);
  return bytes ? new Blob([line, '\n', bytes]) : line;
}

/** @param {string} text */
function readText(text) {
  return text.trim().split('\n').map(readLine);
}

/**
 * @param {Uint8Array} message
 * @returns {WireRecord}
 */
function readBinary(message) {
  const end = message.indexOf(NEWLINE);
  return { ...readLine(new TextDecoder().decode(message.subarray(0, end))), bytes: message.subarray(end + 1) };
}

/**
 * One that cannot be read stops nothing: it becomes the error of its command, or a message that is `unreadable`.
 *
 * @param {string} line
 * @returns {WireRecord}
 */
export function readLine(line) {
  try {
    return Object(JSON.parse(line));
  } catch {
    const [, id, channel, position] = /^{(?:"id":(\d+)|"channel":"(.+?)","position":"(.+?)")/.exec(line) ?? [];
    return id ? { id: +id, error: { name: 'unreadable' } } : { channel, position, unreadable: true };
  }
}
