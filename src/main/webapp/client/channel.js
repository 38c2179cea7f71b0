import { Emitter } from './emitter.js';
import { ParleyError } from './errors.js';
import { LostEvent, ParleyErrorEvent, ParleyMessageEvent, RecoveredEvent } from './events.js';
import { Message } from './message.js';
import { isAfter, moved } from './position.js';
import { Presence } from './presence.js';
/** @import { WireRecord } from './codec.js' */
/** @import { PublishOptions } from './outbox.js' */
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
 * @property {(channel: string, content: unknown, options: PublishOptions) => Promise<Position>} publish
 * @property {(channel: Channel) => void} subscribe
 * @property {(channel: Channel) => void} forget
 * @property {(event: Event) => void} repeat what the channel has just told
 */

/**
 * A channel and this client's place in it. Each message comes once, in the channel's order, whatever happens to the
 * connection meanwhile; what can no longer be had is told by a `lost` event in its place.
 *
 * Events: `message`, `recovered` and `lost` after an interruption, `statechange`, `error`.
 */
export class Channel extends Emitter {
  /** @type {((event: ParleyMessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: LostEvent) => void) | null} */
  onlost = null;
  /** @type {((event: RecoveredEvent) => void) | null} */
  onrecovered = null;
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
  #joined = false;
  /** How many came since an interruption that lost nothing. @type {number | null} */
  #missed = null;

  /**
   * @param {string} name
   * @param {Home} home
   * @param {{history?: number, after?: Position}} [start] so many of the newest messages, or all after a position
   */
  constructor(name, home, { history, after } = {}) {
    super(['message', 'recovered', 'lost', 'statechange', 'error']);
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
   * the message is committed, however many connections that takes; what is published first is stored first.
   *
   * @param {unknown} content
   * @param {PublishOptions & {type?: string}} [options] `type`: the media type of bytes that are no `Blob`
   * @returns {Promise<Position>}
   */
  publish(content, { type = 'application/octet-stream', ...options } = {}) {
    const isBuffer = content instanceof ArrayBuffer || ArrayBuffer.isView(content);
    const whole = isBuffer ? new Blob([/** @type {BlobPart} */ (content)], { type }) : content;
    return this.#home.publish(this.name, whole, options);
  }

  /**
   * Publishes a JSON value over the connection there is, once: for what is worth nothing later, as a typing mark.
   *
   * @param {unknown} content
   * @returns {Promise<Position>} rejected when there is no connection, or it ends before the answer
   */
  async tell(content) {
    const { position } = await this.#home.request('publish', { channel: this.name, data: content });
    return position;
  }

  /**
   * Reads what was published earlier, whether this client is on the channel or not. `more` says that there is still
   * something before the first one; a batch holds only so much, so there may be fewer than `limit`.
   *
   * @param {object} [range]
   * @param {Position} [range.before] exclusive; without it, the newest
   * @param {number} [range.limit]
   * @returns {Promise<{messages: Message[], more: boolean}>} the oldest first; rejected with `not-found` where the log
   *     has begun a new life since
   */
  async history({ before, limit = 50 } = {}) {
    const { messages, more } = await this.#home.request('history', { channel: this.name, before, limit });
    const read = messages.map((/** @type {WireRecord} */ record) =>
      new Message({ ...record, channel: this.name }, this.#home.base));
    return { messages: read, more };
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
    this.#missed = this.#joined && recovered ? 0 : null;
    this.#joined = true;
    this.presence.start();
    this.#enter('catching-up');
    if (!recovered) {
      this.#tell(new LostEvent(this.name, lost ?? null));
    }
    this.#reached(position);
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
    } else if (record.present) {
      this.presence.replace(record.present);
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
    this.#missed = this.#missed === null ? null : this.#missed + 1;
    this.#tell(new ParleyMessageEvent(new Message(record, this.#home.base)));
    this.#reached(record.position);
  }

  /** @param {{after?: Position, before?: Position}} range */
  #lost({ after, before }) {
    this.#missed = null;
    this.#tell(new LostEvent(this.name, after && before ? { after, before } : null));
    if (before) {
      this.#position = moved(before, -1);
      this.#reached(this.#position);
    }
  }

  /** @param {Position} position */
  #reached(position) {
    if (this.#state === 'catching-up' && this.#head !== null && !isAfter(this.#head, position)) {
      this.#enter('live');
      if (this.#missed !== null) {
        this.#tell(new RecoveredEvent(this.name, this.#missed));
      }
      this.#missed = null;
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

  /** @param {Event} event */
  #tell(event) {
    this.dispatchEvent(event);
    this.#home.repeat(event);
  }

  /** @param {ChannelState} state */
  #enter(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
}
