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
  /** @param {{code: number, reason: string, reconnect: boolean, retryAt: number | null}} closing */
  constructor({ code, reason, reconnect, retryAt }) {
    super('close');
    this.code = code;
    this.reason = reason;
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
 * Messages past their retention: they will never be delivered. Without `after` and `before` it is not known which: the log
 * has begun a new epoch, or was restored from an older state.
 */
export class LostEvent extends Event {
  /**
   * @param {string} channel
   * @param {{after: Position, before: Position} | null} range both exclusive
   */
  constructor(channel, range) {
    super('lost');
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
