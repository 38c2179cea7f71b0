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
 * @throws {SyntaxError} when it is not of the wire
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
  return bytes === undefined ? line : new Blob([line, '\n', bytes]);
}

/** @param {string} text */
function readText(text) {
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => object(line));
}

/**
 * @param {Uint8Array} message
 * @returns {WireRecord}
 */
function readBinary(message) {
  const end = message.indexOf(NEWLINE);
  if (end < 0) {
    throw new SyntaxError();
  }
  const line = new TextDecoder('utf-8', { fatal: true }).decode(message.subarray(0, end));
  return { ...object(line), bytes: message.subarray(end + 1) };
}

/**
 * @param {string} line
 * @returns {WireRecord}
 */
function object(line) {
  const value = JSON.parse(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError();
  }
  return value;
}
