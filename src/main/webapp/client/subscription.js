import { Emitter } from './emitter.js';
import { ParleyErrorEvent, ParleyMessageEvent, UnreadableEvent } from './events.js';
import { isAfter } from './position.js';
/** @import { Channel } from './channel.js' */
/** @import { LostEvent, RecoveredEvent } from './events.js' */
/** @import { PublishOptions } from './outbox.js' */
/** @import { Position } from './position.js' */

/**
 * One owner's hold on a channel that several share: each has its own handlers and its own end, and the channel ends with
 * the last of them. It is as if each had subscribed by itself, and they share one cursor.
 *
 * The hard case is who comes later and asks for what was said before: that is read from the history, and what the channel
 * brings meanwhile waits behind it.
 *
 * Events: those of `Channel`.
 */
export class Subscription extends Emitter {
  /** @type {((event: ParleyMessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: UnreadableEvent) => void) | null} */
  onunreadable = null;
  /** @type {((event: LostEvent) => void) | null} */
  onlost = null;
  /** @type {((event: LostEvent) => void) | null} */
  onforgotten = null;
  /** @type {((event: RecoveredEvent) => void) | null} */
  onrecovered = null;
  /** @type {((event: ParleyErrorEvent) => void) | null} */
  onerror = null;
  /** @type {((event: Event) => void) | null} */
  onstatechange = null;

  #channel;
  #closed = false;
  /** While history is read. @type {Event[] | null} */
  #waiting = null;
  /** Of the last message of that history. @type {Position | null} */
  #read = null;

  /**
   * @param {Channel} channel
   * @param {{history?: number, after?: Position}} [earlier] than what the channel will bring
   */
  constructor(channel, earlier) {
    super();
    this.#channel = channel;
    channel.share(this);
    if (earlier?.history || earlier?.after) {
      this.#waiting = [];
      this.#catchUp(earlier);
    }
  }

  get name() {
    return this.#channel.name;
  }

  get state() {
    return this.#closed ? 'closed' : this.#channel.state;
  }

  /** The channel's: see `Channel.position`. */
  get position() {
    return this.#channel.position;
  }

  get lineage() {
    return this.#channel.lineage;
  }

  /** All owners'. */
  get presence() {
    return this.#channel.presence;
  }

  /**
   * @param {unknown} content
   * @param {PublishOptions & {type?: string}} [options]
   */
  publish(content, options) {
    return this.#channel.publish(content, options);
  }

  /** @param {unknown} content */
  tell(content) {
    return this.#channel.tell(content);
  }

  /** @param {{before?: Position, limit?: number}} [range] */
  history(range) {
    return this.#channel.history(range);
  }

  /** Ends this owner's hold: nothing comes here any more, and the others notice nothing. */
  close() {
    if (!this.#closed) {
      this.#closed = true;
      this.#channel.unshare(this);
    }
  }

  /** @param {Event} event that the channel has dispatched */
  take(event) {
    if (this.#waiting && event.type !== 'statechange') {
      this.#waiting.push(event);
    } else if (!this.#closed && !this.#knows(event)) {
      this.dispatchEvent(event);
    }
  }

  /** @param {Event} event */
  #knows(event) {
    const position = event instanceof ParleyMessageEvent
      ? event.message.position
      : event instanceof UnreadableEvent && event.position;
    return position && !isAfter(position, this.#read, this.lineage);
  }

  /** @param {{history?: number, after?: Position}} start */
  async #catchUp(start) {
    try {
      const { earlier } = await import('./earlier.js');
      const { lost, messages } = await earlier(this.#channel, start);
      const events = [...(lost ? [lost] : []), ...messages.map(message => new ParleyMessageEvent(message))];
      events.forEach(event => this.#closed || this.dispatchEvent(event));
      this.#read = messages[messages.length - 1]?.position ?? null;
    } catch (error) {
      this.#closed || this.dispatchEvent(new ParleyErrorEvent(/** @type {Error} */ (error)));
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    waiting.forEach(event => this.take(event));
  }
}
