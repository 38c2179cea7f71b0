/** @import { Api } from './api.js' */
/** @import { WireRecord } from './codec.js' */
/** @import { Position } from './position.js' */

/**
 * Who published, or is present. Two users may have the same name.
 *
 * @typedef {object} Member
 * @property {string} user
 * @property {string} [name] for display
 */

/** One message of a channel. */
export class Message {
  #api;

  /**
   * @param {WireRecord} record
   * @param {URL} base that paths of the wire are relative to
   * @param {Api} api by which its bytes are fetched
   */
  constructor(record, base, api) {
    this.#api = api;
    /** @type {string} */
    this.channel = record.channel;
    /** @type {Position} */
    this.position = record.position;
    /** @type {Member} */
    this.from = record.from;
    /** When the server took it. */
    this.at = new Date(record.at);
    /** The media type of a message of bytes, or of JSON that was too large to come along, else null. @type {string | null} */
    this.contentType = record.type ?? null;
    /** Of that, in bytes, else null. @type {number | null} */
    this.size = record.size ?? null;
    /** Where what was too large to come along is, else null. @type {string | null} */
    this.url = record.content ? new URL(record.content, base).href : null;
    /** A JSON value, or a `Blob` of bytes that came along; null where they did not. @type {any} */
    this.data = record.bytes
      ? new Blob([/** @type {BlobPart} */ (record.bytes)], { type: record.type })
      : (record.data ?? null);
    Object.freeze(this);
  }

  /**
   * The bytes, fetched as this client where the message has only their URL, which gives most types as
   * `application/octet-stream`. Their type is whatever the publisher says: show as a page only what you trust.
   *
   * @returns {Promise<Blob>}
   * @throws {ParleyError} of the server
   */
  async blob() {
    if (this.data instanceof Blob) {
      return this.data;
    }
    if (!this.url) {
      throw new TypeError('This message has no bytes.');
    }
    const response = await this.#api.content(this.url);
    return (await response.blob()).slice(0, undefined, this.contentType ?? '');
  }

  /**
   * The JSON value, fetched where the message has only its URL.
   *
   * @returns {Promise<any>}
   */
  async json() {
    return this.contentType ? new Response(await this.blob()).json() : this.data;
  }
}
