/** @import { Message } from './message.js' */
/** @import { Member } from './message.js' */
/** @import { Position } from './position.js' */
/** @import { TransportName } from './transport.js' */

/** A message came. `data` is its JSON value or, where bytes came along, a `Blob`. */
export class ParleyMessageEvent extends Event {
  /** @param {Message} message */
  constructor(message) {
    super('message');
    this.message = message;
    this.data = message.data;
    this.lastEventId = message.position;
  }
}

/** The connection ended. With `reconnect` it comes back by itself, at `retryAt` (milliseconds since 1970). */
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

/** Something was refused that nobody waits for an answer to. */
export class ParleyErrorEvent extends Event {
  /** @param {Error} error */
  constructor(error) {
    super('error');
    this.error = error;
    this.message = error.message;
  }
}

/** A member came or went. */
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
 * Messages that will never come, since the server no longer has them. Without `after` and `before` nobody can tell
 * which: the channel's log has begun a new life, or is older than it was.
 */
export class LostEvent extends Event {
  /**
   * @param {string} channel
   * @param {{after: Position, before: Position} | null} range both exclusive
   */
  constructor(channel, range) {
    super('lost');
    this.channel = channel;
    this.after = range ? range.after : null;
    this.before = range ? range.before : null;
  }
}

/** A channel was interrupted, and all that was said meanwhile has come: so many `messages`. */
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

/** Another transport carries the conversation from now on. */
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
