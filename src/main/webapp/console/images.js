import { size } from './format.js';

/** The server's default limit of a message. */
const MAX_SIZE = 5 * 1024 * 1024;
const SIGNATURE_LENGTH = 14;

/**
 * The types that a room accepts, by their magic numbers; -1 is any byte.
 *
 * @type {[string, number[]][]}
 */
const SIGNATURES = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50]],
];

/** @type {Record<string, string>} */
const NAMES = { 'image/png': 'PNG', 'image/jpeg': 'JPEG', 'image/gif': 'GIF', 'image/webp': 'WebP' };

/**
 * Only these are shown: others, SVG above all, may contain scripts.
 *
 * @param {string | null} type
 */
export function isSupported(type) {
  return type !== null && type in NAMES;
}

/** @param {string} type */
export function typeName(type) {
  return NAMES[type] ?? type;
}

/**
 * The file as an image to be sent, with the type of its content and not of its name.
 *
 * @param {File} file
 * @returns {Promise<Blob>}
 * @throws {RangeError} with a sentence for the person
 */
export async function toImage(file) {
  const type = await typeOf(file);
  if (type === null) {
    throw new RangeError(`${label(file)} is not an image this room takes: PNG, JPEG, GIF or WebP.`);
  }
  if (file.size > MAX_SIZE) {
    throw new RangeError(`${label(file)} has ${size(file.size)}; an image may have up to ${size(MAX_SIZE)}.`);
  }
  return file.slice(0, file.size, type);
}

/**
 * @param {Blob} file
 * @returns {Promise<string | null>}
 */
async function typeOf(file) {
  const head = new Uint8Array(await file.slice(0, SIGNATURE_LENGTH).arrayBuffer());
  const found = SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => byte === -1 || byte === head[index]));
  return found ? found[0] : null;
}

/** @param {File} file */
function label(file) {
  return file.name ? `“${file.name}”` : 'This file';
}
