import { Emitter } from './emitter.js';
import { ParleyError } from './errors.js';
import { LostEvent, ParleyErrorEvent, ParleyMessageEvent } from './events.js';
import { Message } from './message.js';
import { isAfter } from './position.js';
import { Presence } from './presence.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Position } from './position.js' */

/**
 * `waiting` for a connection, `joining`, `catching-up` with what was published before, `live`, or `closed`.
 *
 * @typedef {'waiting' | 'joining' | 'catching-up' | 'live' | 'closed'} ChannelState
 */

/**
 * What a channel needs of its `Parley`.
 *
 * @typedef {object} Home
 * @property {URL} base
 * @property {(command: string, body: unknown) => Promise<any>} request
 * @property {(channel: string, content: unknown, key?: string) => Promise<Position>} publish
 * @property {(channel: Channel) => void} subscribe
 * @property {(channel: Channel) => void} forget
 */

/**
 * A channel and this client's place in it. Each message comes once, in the channel's order, whatever happens to the
 * connection meanwhile; what can no longer be had is told by a `lost` event in its place.
 *
 * Events: `message`, `lost`, `statechange`, `error`.
 */
export class Channel extends Emitter {
  /** @type {((event: ParleyMessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: LostEvent) => void) | null} */
  onlost = null;
  /** @type {((event: Event) => void) | null} */
  onstatechange = null;
  /** @type {((event: ParleyErrorEvent) => void) | null} */
  onerror = null;

  #home;
  #history;
  /** @type {ChannelState} */
  #state = 'waiting';
  /** The last message that came. @type {Position | null} */
  #position;
  /** Where the channel ended when it was joined. @type {Position | null} */
  #head = null;

  /**
   * @param {string} name
   * @param {Home} home
   * @param {{history?: number, after?: Position}} [start] so many of the newest messages, or all after a position
   */
  constructor(name, home, { history, after } = {}) {
    super(['message', 'lost', 'statechange', 'error']);
    this.name = name;
    this.#home = home;
    this.#history = history;
    this.#position = after ?? null;
    this.presence = new Presence(() => home.request('presence', { channel: name }));
  }

  /** @returns {ChannelState} */
  get state() {
    return this.#state;
  }

  /** Where a later client would go on: hand it to `channel` as `after`. */
  get position() {
    return this.#position;
  }

  /**
   * Publishes a JSON value, or bytes: a `Blob`, an `ArrayBuffer` or a view of one. The promise has the position once
   * the message is committed, however many connections that takes.
   *
   * @param {unknown} content
   * @param {{key?: string, type?: string}} [options] `key`: publishing again with the same one stores nothing more;
   *     `type`: the media type of bytes that are no `Blob`
   * @returns {Promise<Position>}
   */
  publish(content, { key, type = 'application/octet-stream' } = {}) {
    const isBuffer = content instanceof ArrayBuffer || ArrayBuffer.isView(content);
    const whole = isBuffer ? new Blob([/** @type {BlobPart} */ (content)], { type }) : content;
    return this.#home.publish(this.name, whole, key);
  }

  /** Nothing more comes. */
  close() {
    if (this.#state !== 'closed') {
      this.presence.stop();
      this.#enter('closed');
      this.#home.forget(this);
    }
  }

  /** What to subscribe with. */
  start() {
    this.#enter('joining');
    if (this.#position !== null) {
      return { channel: this.name, after: this.#position };
    }
    return this.#history === undefined ? { channel: this.name } : { channel: this.name, history: this.#history };
  }

  /** @param {WireRecord} result */
  subscribed(result) {
    if (this.#state !== 'joining') {
      return;
    }
    if (result.error) {
      this.#refused(new ParleyError(result.error));
      return;
    }
    const { position, head, recovered, lost } = result;
    this.#position = position;
    this.#head = head;
    this.presence.start();
    this.#enter(isAfter(head, position) ? 'catching-up' : 'live');
    if (!recovered) {
      this.dispatchEvent(new LostEvent(lost ?? null));
    }
  }

  /** The connection is gone. */
  interrupted() {
    if (this.#state !== 'closed') {
      this.presence.stop();
      this.#enter('waiting');
    }
  }

  /** @param {WireRecord} record */
  pushed(record) {
    if (this.#state !== 'catching-up' && this.#state !== 'live') {
      return; // of a subscription before this one
    }
    if (record.position !== undefined) {
      this.#message(record);
    } else if (record.presence !== undefined) {
      this.presence.pushed(record);
    } else if (record.lost) {
      this.#lost(record.lost);
    } else if (record.unsubscribed) {
      this.#refused(new ParleyError(record.unsubscribed));
    }
  }

  /** @param {WireRecord} record */
  #message(record) {
    if (!isAfter(record.position, this.#position)) {
      return;
    }
    this.#position = record.position;
    this.dispatchEvent(new ParleyMessageEvent(new Message(record, this.#home.base)));
    this.#reached(record.position);
  }

  /** @param {{after?: Position, before?: Position}} range */
  #lost({ after, before }) {
    this.dispatchEvent(new LostEvent(after && before ? { after, before } : null));
    if (before) {
      this.#reached(before);
    }
  }

  /** @param {Position} position */
  #reached(position) {
    if (this.#state === 'catching-up' && this.#head !== null && !isAfter(this.#head, position)) {
      this.#enter('live');
    }
  }

  /** @param {ParleyError} error */
  #refused(error) {
    if (error.retry) {
      this.#enter('joining');
      this.#home.subscribe(this);
    } else {
      this.close();
    }
    this.dispatchEvent(new ParleyErrorEvent(error));
  }

  /** @param {ChannelState} state */
  #enter(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
}
