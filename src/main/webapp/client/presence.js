import { Emitter } from './emitter.js';
import { CONNECTION_LOST } from './errors.js';
import { MemberEvent } from './events.js';
import { isAfter } from './position.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Member } from './message.js' */
/** @import { Position } from './position.js' */

const FETCH_DELAY = 5_000;

/**
 * Who is on a channel: a snapshot, and the joins and leaves after it. `change` comes when the list has changed, and
 * `join` and `leave` when one member came or went while this client was there to see it.
 */
export class Presence extends Emitter {
  /** @type {((event: Event) => void) | null} */
  onchange = null;
  /** @type {((event: MemberEvent) => void) | null} */
  onjoin = null;
  /** @type {((event: MemberEvent) => void) | null} */
  onleave = null;

  /** @type {Map<string, Member>} */
  #members = new Map();
  #count = 0;
  /** Of the last join or leave in the list. @type {Position | null} */
  #position = null;
  /** Pushed before the snapshot was read. @type {WireRecord[] | null} */
  #buffered = [];
  #fetch;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #fetchTimer;

  /** @param {() => Promise<{position: Position, count: number, members: Member[]}>} fetch */
  constructor(fetch) {
    super();
    this.#fetch = fetch;
  }

  /** Those known, the longest present first. A channel with very many members does not name them all. */
  get members() {
    return [...this.#members.values()];
  }

  /** Of all members. */
  get count() {
    return this.#count;
  }

  /** Fetches a snapshot. Until it is read, joins and leaves are buffered. */
  async start() {
    this.#buffered ??= [];
    try {
      this.replace(await this.#fetch());
    } catch (error) {
      const { name, retry } = /** @type {import('./errors.js').ParleyError} */ (error);
      this.#buffered = retry ? [] : null;
      if (retry && name !== CONNECTION_LOST) {
        this.#scheduleFetch();
      }
    }
  }

  stop() {
    clearTimeout(this.#fetchTimer);
    this.#fetchTimer = undefined;
    this.#buffered = [];
  }

  /** @param {WireRecord} record a join, a leave, or a count of members */
  pushed(record) {
    if (this.#buffered) {
      this.#buffered.push(record);
    } else if (isAfter(record.presence, this.#position)) {
      this.#position = record.presence;
      this.#apply(record);
      this.dispatchEvent(new Event('change'));
    }
  }

  /**
   * Replaces the list by a snapshot, and applies what was buffered.
   *
   * @param {{position: Position, count: number, members: Member[]}} snapshot
   */
  replace({ position, count, members }) {
    const buffered = this.#buffered ?? [];
    this.#buffered = null;
    this.#position = position;
    this.#members = new Map(members.map(member => [member.user, member]));
    this.#count = count;
    this.dispatchEvent(new Event('change'));
    buffered.forEach(record => this.pushed(record));
  }

  /** @param {WireRecord} record */
  #apply(record) {
    if (record.join) {
      this.#join(record.join);
    } else if (record.leave) {
      this.#leave(record.leave);
    } else {
      this.#count = record.members;
      this.#scheduleFetch();
    }
  }

  /** @param {Member} member also one who is there already, by another name */
  #join(member) {
    const known = this.#members.has(member.user);
    this.#members.set(member.user, member);
    if (!known) {
      this.#count++;
      this.dispatchEvent(new MemberEvent('join', member));
    }
  }

  /** @param {Member} member */
  #leave(member) {
    if (this.#members.delete(member.user)) {
      this.#count--;
      this.dispatchEvent(new MemberEvent('leave', member));
    }
  }

  /** Only a count was pushed: the members are fetched, but not each time. */
  #scheduleFetch() {
    this.#fetchTimer ??= setTimeout(() => {
      this.#fetchTimer = undefined;
      this.start();
    }, FETCH_DELAY);
  }
}
