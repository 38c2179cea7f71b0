import { StatefulEmitter } from './emitter.js';
import { ParleyError } from './errors.js';
import { LostEvent, ParleyErrorEvent, ParleyMessageEvent, RecoveredEvent, UnreadableEvent } from './events.js';
import { Message } from './message.js';
import { behindGap, continued, isAfter } from './position.js';
import { Presence } from './presence.js';
/** @import { Api } from './api.js' */
/** @import { WireRecord } from './codec.js' */
/** @import { PublishOptions } from './outbox.js' */
/** @import { Lineage, Position } from './position.js' */
/** @import { Subscription } from './subscription.js' */

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
 * @property {Api} api
 * @property {(command: string, body: unknown) => Promise<any>} request
 * @property {(channel: string, content: unknown, options: PublishOptions) => Promise<Position>} publish
 * @property {(channel: Channel) => void} resubscribe
 * @property {(channel: Channel) => void} unsubscribe
 * @property {(event: Event) => void} dispatchEvent what the channel has just dispatched
 */

/**
 * A subscription: this client's cursor over a channel. Each message is delivered once and in order, however often the
 * connection is lost meanwhile; in the place of messages past their retention there is a `lost` event. Where the log has
 * forgotten messages that were delivered, there is a `forgotten` event, and it goes on before them.
 *
 * Events: `message`, `unreadable` in the place of one that cannot be read, `recovered`, `lost` and `forgotten` after an interruption, `statechange`, `error`.
 *
 * @extends {StatefulEmitter<ChannelState>}
 */
export class Channel extends StatefulEmitter {
  /** @type {((event: ParleyMessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: LostEvent) => void) | null} */
  onlost = null;
  /** @type {((event: LostEvent) => void) | null} */
  onforgotten = null;
  /** @type {((event: RecoveredEvent) => void) | null} */
  onrecovered = null;
  /** @type {((event: ParleyErrorEvent) => void) | null} */
  onerror = null;

  /** @type {((event: UnreadableEvent) => void) | null} */
  onunreadable = null;

  #context;
  #history;
  /** Of the last message. @type {Position | null} */
  #position;
  /** Of the channel, when it was subscribed to. @type {Position | null} */
  #head = null;
  /** @type {Lineage} */
  #lineage = {};
  #subscribed = false;
  /** How many messages, while it catches up after an interruption that lost nothing. @type {number | null} */
  #recovered = null;
  /** Who share it, each with an end of its own. @type {Set<Subscription>} */
  #subscriptions = new Set();
  /** Whether it goes on without any of them, until `close`. */
  kept = false;

  /**
   * @param {string} name
   * @param {ChannelContext} context
   * @param {{history?: number, after?: Position}} [start] so many of the newest messages, or all after a position
   */
  constructor(name, context, { history, after } = {}) {
    super('waiting');
    this.name = name;
    this.#context = context;
    this.#history = history;
    this.#position = after ?? null;
    this.presence = new Presence(() => context.request('presence', { channel: name }));
  }

  /** Where a later client would go on: hand it to `channel` as `after`. */
  get position() {
    return this.#position;
  }

  /** By which positions of several epochs are compared: see `isAfter` of `position.js`. */
  get lineage() {
    return this.#lineage;
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
      new Message({ ...record, channel: this.name }, this.#context.base, this.#context.api));
    return { messages: read, more };
  }

  /** Unsubscribes, whoever shares it. */
  close() {
    if (this.state !== 'closed') {
      this.presence.stop();
      this.enter('closed');
      this.#context.unsubscribe(this);
    }
  }

  /** @param {Subscription} subscription */
  share(subscription) {
    this.#subscriptions.add(subscription);
  }

  /** @param {Subscription} subscription */
  unshare(subscription) {
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size === 0 && !this.kept) {
      this.close();
    }
  }

  /** To whom it may concern, one after the other. @param {Event} event */
  dispatchEvent(event) {
    const result = super.dispatchEvent(event);
    this.#subscriptions?.forEach(subscription => subscription.take(event));
    return result;
  }

  /** The body of `subscribe`. */
  start() {
    this.enter('joining');
    const { name: channel } = this;
    return this.#position ? { channel, after: this.#position } : { channel, history: this.#history };
  }

  /** @param {WireRecord} result */
  subscribed(result) {
    if (this.state !== 'joining') {
      return;
    }
    if (result.error) {
      this.#rejected(new ParleyError(result.error));
      return;
    }
    const { position, head, recovered, ancestors = [] } = result;
    this.#lineage = continued(Object.fromEntries(ancestors), head, head);
    this.#position = position;
    this.#head = head;
    this.#recovered = this.#subscribed && recovered ? 0 : null;
    this.#subscribed = true;
    this.presence.start();
    this.enter('catching-up');
    if (!recovered) {
      this.#gone(result);
    }
    this.#advanced();
  }

  /** The connection was lost. */
  interrupted() {
    if (this.state !== 'closed') {
      this.presence.stop();
      this.enter('waiting');
    }
  }

  /** @param {WireRecord} record */
  pushed(record) {
    if (this.state !== 'catching-up' && this.state !== 'live') {
      return; // of a subscription before this one
    }
    if (record.position) {
      this.#message(record);
    } else if (record.present) {
      this.presence.replace(record.present);
    } else if (record.presence) {
      this.presence.pushed(record);
    } else if (record.lost || record.forgotten) {
      this.#passed(record);
    } else if (record.unsubscribed) {
      this.#rejected(new ParleyError(record.unsubscribed));
    }
  }

  /** @param {WireRecord} record */
  #message(record) {
    const { position } = record;
    this.#lineage = continued(this.#lineage, position, /** @type {Position} */ (this.#position));
    if (!isAfter(position, this.#position, this.#lineage)) {
      return;
    }
    this.#position = position;
    if (this.#recovered !== null) {
      this.#recovered++;
    }
    this.#emit(record.unreadable
      ? new UnreadableEvent(this.name, position)
      : new ParleyMessageEvent(new Message(record, this.#context.base, this.#context.api)));
    this.#advanced();
  }

  /** The log goes on elsewhere. @param {WireRecord} record */
  #passed(record) {
    const { forgotten, lost, ancestors = [] } = record;
    this.#recovered = null;
    Object.assign(this.#lineage, Object.fromEntries(ancestors));
    const end = (forgotten ?? lost)?.before;
    // Who stands further on was told already: a stream may start late, beside a poll
    if (end && isAfter(end, this.#position, this.#lineage)) {
      this.#position = /** @type {Position} */ (behindGap(record));
      if (forgotten) {
        this.#head = this.#position;
      }
    }
    this.#gone(record);
    this.#advanced();
  }

  /** @param {WireRecord} record */
  #gone({ forgotten, lost }) {
    if (forgotten) {
      this.#emit(new LostEvent('forgotten', this.name, forgotten));
    }
    if (lost || !forgotten) {
      this.#emit(new LostEvent('lost', this.name, lost));
    }
  }

  #advanced() {
    const head = /** @type {Position} */ (this.#head);
    if (this.state === 'catching-up' && !isAfter(head, this.#position, this.#lineage)) {
      this.enter('live');
      if (this.#recovered !== null) {
        this.#emit(new RecoveredEvent(this.name, this.#recovered));
      }
      this.#recovered = null;
    }
  }

  /** @param {ParleyError} error */
  #rejected(error) {
    if (error.retry) {
      this.enter('joining');
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

}
