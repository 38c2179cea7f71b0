/** @import { Member, Message } from './message.js' */
/** @import { Position } from './position.js' */
/** @import { TransportName } from './transport.js' */

/** A message. `data` is its JSON value or, where bytes came along, a `Blob`. */
export class ParleyMessageEvent extends Event {
  /** @param {Message} message */
  constructor(message) {
    super('message');
    this.message = message;
    this.data = message.data;
    this.lastEventId = message.position;
  }
}

/** The connection ended. With `reconnect` it reconnects by itself, at `retryAt` (milliseconds since 1970). */
export class ParleyCloseEvent extends Event {
  /**
   * @param {{code: number, name: string, reconnect: boolean}} disconnect
   * @param {number | null} retryAt
   */
  constructor({ code, name, reconnect }, retryAt) {
    super('close');
    this.code = code;
    this.reason = name;
    this.reconnect = reconnect;
    this.retryAt = retryAt;
  }
}

/** An error that belongs to no call. */
export class ParleyErrorEvent extends Event {
  /** @param {Error} error */
  constructor(error) {
    super('error');
    this.error = error;
    this.message = error.message;
  }
}

/** A member joined or left. */
export class MemberEvent extends Event {
  /**
   * @param {'join' | 'leave'} type
   * @param {Member} member
   */
  constructor(type, member) {
    super(type);
    this.member = member;
  }
}

/**
 * Messages that the log has no more. `lost` are those past their retention, which will never be delivered; without `after`
 * and `before` it is not known which: the log was begun anew. `forgotten` are those that were delivered, or acknowledged,
 * and that the log itself does not know: its database has failed over to one without them, or was restored. What follows
 * comes right after `after`.
 */
export class LostEvent extends Event {
  /**
   * @param {'lost' | 'forgotten'} type
   * @param {string} channel
   * @param {{after?: Position, before?: Position}} [range] both exclusive
   */
  constructor(type, channel, range) {
    super(type);
    this.channel = channel;
    this.after = range?.after ?? null;
    this.before = range?.before ?? null;
  }
}

/** After an interruption all that was published meanwhile was delivered: so many `messages`. */
export class RecoveredEvent extends Event {
  /**
   * @param {string} channel
   * @param {number} messages
   */
  constructor(channel, messages) {
    super('recovered');
    this.channel = channel;
    this.messages = messages;
  }
}

/** The transport has changed. */
export class TransportEvent extends Event {
  /**
   * @param {TransportName} transport
   * @param {TransportName | null} before
   */
  constructor(transport, before) {
    super('transport');
    this.transport = transport;
    this.before = before;
  }
}

/** A message that cannot be read; the next one is delivered as ever. */
export class UnreadableEvent extends Event {
  /**
   * @param {string} channel
   * @param {Position} position
   */
  constructor(channel, position) {
    super('unreadable');
    this.channel = channel;
    this.position = position;
  }
}
