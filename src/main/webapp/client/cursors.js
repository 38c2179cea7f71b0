import { ParleyError } from './errors.js';
import { behindGap, isAfter, moved } from './position.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Position } from './position.js' */

/**
 * A subscription of a transport without state on the server: each request names its position.
 *
 * @typedef {object} Cursor
 * @property {Position | undefined} position of the last message; undefined before the first answer, without `after`
 * @property {Position} [head] the channel's end
 * @property {number | undefined} history how many of the newest messages to start with
 * @property {PendingSubscribe | null} pending until the first answer
 */

/**
 * A `subscribe` command without a reply yet.
 *
 * @typedef {object} PendingSubscribe
 * @property {number} id
 * @property {WireRecord[]} results one for each channel, in their order
 * @property {number} left so many are not known yet
 */

/** In one request: the server takes no more. */
const MAX_CHANNELS = 32;
/** Of the channels' part of an address: some proxies refuse one over 8 KB, and positions grow. */
const MAX_LENGTH = 6_000;

/**
 * The cursors of one connection over HTTP: the queries to read on from them, and the answers as replies and pushes of the
 * wire.
 */
export class Cursors {
  /** @type {Map<string, Cursor>} */
  #cursors = new Map();
  /** The snapshots that came with the first answers. @type {Map<string, any>} */
  #presence = new Map();

  get size() {
    return this.#cursors.size;
  }

  /** Whether some have no answer yet. */
  get joining() {
    return this.#some(({ pending }) => pending);
  }

  /** Whether some have not reached the head yet. */
  get behind() {
    return this.#some(({ head, position }) => head && isAfter(head, position));
  }

  /** @param {(cursor: Cursor) => unknown} is */
  #some(is) {
    return [...this.#cursors.values()].some(is);
  }

  /**
   * @param {number} id
   * @param {{channel: string, after?: Position, history?: number}[]} starts
   */
  open(id, starts) {
    const pending = { id, results: starts.map(({ channel }) => ({ channel })), left: starts.length };
    for (const { channel, after, history } of starts) {
      this.#cursors.set(channel, { position: after, history, pending });
    }
  }

  /**
   * @param {string} channel
   * @returns {WireRecord[]}
   */
  close(channel) {
    const cursor = this.#cursors.get(channel);
    this.#cursors.delete(channel);
    this.#presence.delete(channel);
    return cursor ? reply(cursor, channel, { error: { code: 404, name: 'not-subscribed' } }) : [];
  }

  /** The channels, in as many groups as it takes requests. @returns {string[][]} */
  groups() {
    /** @type {string[][]} */
    const groups = [];
    let length = MAX_LENGTH;
    for (const channel of this.#cursors.keys()) {
      const more = String(this.query([channel])).length;
      const group = groups[groups.length - 1];
      if (!group || group.length === MAX_CHANNELS || length + more > MAX_LENGTH) {
        groups.push([channel]);
        length = more;
      } else {
        group.push(channel);
        length += more;
      }
    }
    return groups;
  }

  /**
   * What reads on from the cursors of a group.
   *
   * @param {string[]} group
   */
  query(group) {
    const query = new URLSearchParams({ presence: this.joining ? 'full' : 'true' });
    for (const channel of group) {
      const cursor = this.#cursors.get(channel);
      query.append('channel', channel);
      query.append('after', cursor?.position ?? '');
      query.append('history', String(cursor?.history ?? 0));
    }
    return query;
  }

  /**
   * An answer as records of the wire: the replies, then what is lost or forgotten, then the messages.
   *
   * @param {{channels?: WireRecord[], messages?: WireRecord[]}} answer
   * @returns {WireRecord[]}
   */
  take({ channels = [], messages = [] }) {
    /** @type {Record<string, Position>} */
    const firsts = {};
    const kept = messages.filter(record => {
      const { channel, position = behindGap(record) } = record;
      const cursor = this.#cursors.get(channel);
      if (cursor && position) {
        cursor.position = position;
        firsts[channel] ??= position;
      }
      return cursor;
    });
    return [...channels.flatMap(entry => this.#entry(entry, firsts[entry.channel])), ...kept];
  }

  /**
   * The presence snapshot that came with the first answer, once.
   *
   * @param {string} channel
   * @returns {any} undefined where it must be fetched
   * @throws {ParleyError} where presence is not allowed
   */
  takePresence(channel) {
    const present = this.#presence.get(channel);
    this.#presence.delete(channel);
    if (present === null) {
      throw new ParleyError({ code: 403, name: 'not-allowed' });
    }
    return present;
  }

  /**
   * Ends all subscriptions.
   *
   * @param {ParleyError} error
   */
  reject(error) {
    return [...this.#cursors.keys()].flatMap(channel => this.#entry({ channel, error }));
  }

  /**
   * @param {WireRecord} entry
   * @param {Position} [first] of the messages that came with it
   * @returns {WireRecord[]}
   */
  #entry({ channel, presence, error, ...start }, first) {
    const cursor = this.#cursors.get(channel);
    if (!cursor) {
      return [];
    }
    const { pending } = cursor;
    if (error) {
      this.#cursors.delete(channel);
      return pending ? reply(cursor, channel, { error }) : [{ channel, unsubscribed: error }];
    }
    const { position, recovered, lost, forgotten, ancestors } = start;
    cursor.position = position;
    cursor.head = start.head;
    if (pending) {
      this.#presence.set(channel, presence ?? null);
      return reply(cursor, channel, { ...start, position: first ? moved(first, -1) : position });
    }
    return [
      ...(recovered ? [] : [{ channel, lost: lost ?? !forgotten, forgotten, ancestors }]),
      ...(presence ? [{ channel, present: presence }] : []),
    ];
  }
}

/**
 * @param {Cursor} cursor
 * @param {string} channel
 * @param {WireRecord} result
 * @returns {WireRecord[]} the reply, once all of its results are there
 */
function reply(cursor, channel, result) {
  const { pending } = cursor;
  if (!pending) {
    return [];
  }
  cursor.pending = null;
  Object.assign(pending.results.find(one => one.channel === channel) ?? {}, result);
  return --pending.left > 0 ? [] : [{ id: pending.id, subscribed: pending.results }];
}
