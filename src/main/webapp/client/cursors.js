import { ParleyError } from './errors.js';
import { isAfter, moved } from './position.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Position } from './position.js' */

/**
 * A place in a channel, for whom each request must say where it stands.
 *
 * @typedef {object} Cursor
 * @property {Position | undefined} position what came last; undefined before the first answer to who begins anew
 * @property {Position} [head] the channel's end
 * @property {number | undefined} history how many of the newest to begin with
 * @property {Asked | null} asked whoever waits to hear where it begins
 */

/**
 * A command `subscribe` that is not answered yet.
 *
 * @typedef {object} Asked
 * @property {number} id
 * @property {WireRecord[]} results one for each start, in their order
 * @property {number} left so many are not known yet
 */

/** So many channels one request names: the server takes 32, but some proxies refuse an address over 8 KB. */
const MOST = 20;

/**
 * The places of one connection over HTTP: what to ask for, and what the answers come to as replies and pushes of the
 * wire.
 */
export class Cursors {
  /** @type {Map<string, Cursor>} */
  #cursors = new Map();
  /** Who is there, as told with the beginning. @type {Map<string, any>} */
  #present = new Map();

  get size() {
    return this.#cursors.size;
  }

  /** Whether some have not heard yet where they begin. */
  get fresh() {
    return this.#some(({ asked }) => asked);
  }

  /** Whether more can be had at once. */
  get behind() {
    return this.#some(({ head, position }) => head && isAfter(head, position ?? null));
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
    const asked = { id, results: starts.map(({ channel }) => ({ channel })), left: starts.length };
    for (const { channel, after, history } of starts) {
      this.#cursors.set(channel, { position: after, history, asked });
    }
  }

  /**
   * @param {string} channel
   * @returns {WireRecord[]}
   */
  close(channel) {
    const cursor = this.#cursors.get(channel);
    this.#cursors.delete(channel);
    this.#present.delete(channel);
    return cursor ? told(cursor, channel, { error: { code: 404, name: 'not-subscribed' } }) : [];
  }

  /** What to ask for, in as many requests as it takes. @returns {URLSearchParams[]} */
  queries() {
    /** @type {URLSearchParams[]} */
    const queries = [];
    let count = 0;
    for (const [channel, cursor] of this.#cursors) {
      if (count++ % MOST === 0) {
        queries.push(new URLSearchParams({ presence: this.fresh ? 'full' : 'true' }));
      }
      const query = queries[queries.length - 1];
      query.append('channel', channel);
      query.append('after', cursor.position ?? '');
      query.append('history', String(cursor.history ?? 0));
    }
    return queries;
  }

  /**
   * What an answer comes to: the replies, then what is lost, then the messages.
   *
   * @param {{channels?: WireRecord[], messages?: WireRecord[]}} answer
   * @returns {WireRecord[]}
   */
  take({ channels = [], messages = [] }) {
    /** @type {Record<string, Position>} */
    const firsts = {};
    const kept = messages.filter(({ channel, lost, position = lost?.before && moved(lost.before, -1) }) => {
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
   * Who is there, as the beginning told: once.
   *
   * @param {string} channel
   * @returns {any} undefined where it must be asked for
   * @throws {ParleyError} where nobody is told
   */
  takePresent(channel) {
    const present = this.#present.get(channel);
    this.#present.delete(channel);
    if (present === null) {
      throw new ParleyError({ code: 403, name: 'not-allowed' });
    }
    return present;
  }

  /**
   * All are refused.
   *
   * @param {ParleyError} error
   */
  refuse(error) {
    return [...this.#cursors.keys()].flatMap(channel => this.#entry({ channel, error }));
  }

  /**
   * @param {WireRecord} entry
   * @param {Position} [first] of the messages that came with it
   * @returns {WireRecord[]}
   */
  #entry({ channel, position, head, recovered, lost, presence, error }, first) {
    const cursor = this.#cursors.get(channel);
    if (!cursor) {
      return [];
    }
    const { asked } = cursor;
    if (error) {
      this.#cursors.delete(channel);
      return asked ? told(cursor, channel, { error }) : [{ channel, unsubscribed: error }];
    }
    cursor.position = position;
    cursor.head = head;
    if (asked) {
      this.#present.set(channel, presence ?? null);
      return told(cursor, channel, { position: first ? moved(first, -1) : position, head, recovered, lost });
    }
    return [
      ...(recovered ? [] : [{ channel, lost: lost ?? {} }]),
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
function told(cursor, channel, result) {
  const { asked } = cursor;
  if (!asked) {
    return [];
  }
  cursor.asked = null;
  Object.assign(asked.results.find(one => one.channel === channel) ?? {}, result);
  return --asked.left > 0 ? [] : [{ id: asked.id, subscribed: asked.results }];
}
