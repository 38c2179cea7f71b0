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
 * @typedef {object} ChannelContext
 * @property {URL} base
 * @property {(command: string, body: unknown) => Promise<any>} request
 * @property {(channel: string, content: unknown, options: PublishOptions) => Promise<Position>} publish
 * @property {(channel: Channel) => void} resubscribe
 * @property {(channel: Channel) => void} unsubscribe
 * @property {(event: Event) => void} dispatchEvent what the channel has just dispatched
 */

/**
 * A subscription: this client's cursor over a channel. Each message is delivered once and in order, however often the
 * connection is lost meanwhile; in the place of messages past their retention there is a `lost` event.
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

  #context;
  #history;
  /** @type {ChannelState} */
  #state = 'waiting';
  /** Of the last message. @type {Position | null} */
  #position;
  /** Of the channel, when it was subscribed to. @type {Position | null} */
  #head = null;
  #subscribed = false;
  /** How many messages, while it catches up after an interruption that lost nothing. @type {number | null} */
  #recovered = null;

  /**
   * @param {string} name
   * @param {ChannelContext} context
   * @param {{history?: number, after?: Position}} [start] so many of the newest messages, or all after a position
   */
  constructor(name, context, { history, after } = {}) {
    super(['message', 'recovered', 'lost', 'statechange', 'error']);
    this.name = name;
    this.#context = context;
    this.#history = history;
    this.#position = after ?? null;
    this.presence = new Presence(() => context.request('presence', { channel: name }));
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
    return this.#context.publish(this.name, whole, options);
  }

  /**
   * Publishes a JSON value at most once, over the current connection: for what is worth nothing later, as a typing mark.
   *
   * @param {unknown} content
   * @returns {Promise<Position>} rejected when there is no connection, or it ends before the reply
   */
  async tell(content) {
    const { position } = await this.#context.request('publish', { channel: this.name, data: content });
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
   *     has begun a new epoch since
   */
  async history({ before, limit = 50 } = {}) {
    const { messages, more } = await this.#context.request('history', { channel: this.name, before, limit });
    const read = messages.map((/** @type {WireRecord} */ record) =>
      new Message({ ...record, channel: this.name }, this.#context.base));
    return { messages: read, more };
  }

  /** Unsubscribes. */
  close() {
    if (this.#state !== 'closed') {
      this.presence.stop();
      this.#enter('closed');
      this.#context.unsubscribe(this);
    }
  }

  /** The body of `subscribe`. */
  start() {
    this.#enter('joining');
    const { name: channel } = this;
    return this.#position === null ? { channel, history: this.#history } : { channel, after: this.#position };
  }

  /** @param {WireRecord} result */
  subscribed(result) {
    if (this.#state !== 'joining') {
      return;
    }
    if (result.error) {
      this.#rejected(new ParleyError(result.error));
      return;
    }
    const { position, head, recovered, lost } = result;
    this.#position = position;
    this.#head = head;
    this.#recovered = this.#subscribed && recovered ? 0 : null;
    this.#subscribed = true;
    this.presence.start();
    this.#enter('catching-up');
    if (!recovered) {
      this.#emit(new LostEvent(this.name, lost ?? null));
    }
    this.#advanced(position);
  }

  /** The connection was lost. */
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
      this.#rejected(new ParleyError(record.unsubscribed));
    }
  }

  /** @param {WireRecord} record */
  #message(record) {
    if (!isAfter(record.position, this.#position)) {
      return;
    }
    this.#position = record.position;
    this.#recovered = this.#recovered === null ? null : this.#recovered + 1;
    this.#emit(new ParleyMessageEvent(new Message(record, this.#context.base)));
    this.#advanced(record.position);
  }

  /** @param {{after?: Position, before?: Position}} range */
  #lost({ after, before }) {
    this.#recovered = null;
    this.#emit(new LostEvent(this.name, after && before ? { after, before } : null));
    if (before) {
      this.#position = moved(before, -1);
      this.#advanced(this.#position);
    }
  }

  /** @param {Position} position */
  #advanced(position) {
    if (this.#state === 'catching-up' && this.#head !== null && !isAfter(this.#head, position)) {
      this.#enter('live');
      if (this.#recovered !== null) {
        this.#emit(new RecoveredEvent(this.name, this.#recovered));
      }
      this.#recovered = null;
    }
  }

  /** @param {ParleyError} error */
  #rejected(error) {
    if (error.retry) {
      this.#enter('joining');
      this.#context.resubscribe(this);
    } else {
      this.close();
    }
    this.dispatchEvent(new ParleyErrorEvent(error));
  }

  /** @param {Event} event */
  #emit(event) {
    this.dispatchEvent(event);
    this.#context.dispatchEvent(event);
  }

  /** @param {ChannelState} state */
  #enter(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
}
