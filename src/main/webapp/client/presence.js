import { Emitter } from './emitter.js';
import { MemberEvent } from './events.js';
import { isAfter } from './position.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Member } from './message.js' */
/** @import { Position } from './position.js' */

const ASK_PAUSE = 5_000;

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
  /** Joins and leaves up to it are in the list. @type {Position | null} */
  #position = null;
  /** What came before the snapshot did. @type {WireRecord[] | null} */
  #early = [];
  #ask;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #asking;

  /** @param {() => Promise<{position: Position, count: number, members: Member[]}>} ask */
  constructor(ask) {
    super(['change', 'join', 'leave']);
    this.#ask = ask;
  }

  /** Those known, the longest present first. A channel with very many members does not name them all. */
  get members() {
    return [...this.#members.values()];
  }

  /** Of all members. */
  get count() {
    return this.#count;
  }

  /** Reads the list anew. Until it is here, what comes is kept. */
  async start() {
    this.#early ??= [];
    try {
      this.replace(await this.#ask());
    } catch (error) {
      const { name, retry } = /** @type {import('./errors.js').ParleyError} */ (error);
      this.#early = retry ? [] : null;
      if (retry && name !== 'connection-lost') {
        this.#askLater();
      }
    }
  }

  stop() {
    clearTimeout(this.#asking);
    this.#asking = undefined;
    this.#early = [];
  }

  /** @param {WireRecord} record a join, a leave, or a count of members */
  pushed(record) {
    if (this.#early) {
      this.#early.push(record);
    } else if (isAfter(record.presence, this.#position)) {
      this.#position = record.presence;
      this.#apply(record);
      this.dispatchEvent(new Event('change'));
    }
  }

  /**
   * The list as it is now.
   *
   * @param {{position: Position, count: number, members: Member[]}} snapshot
   */
  replace({ position, count, members }) {
    const early = this.#early ?? [];
    this.#early = null;
    this.#position = position;
    this.#members = new Map(members.map(member => [member.user, member]));
    this.#count = count;
    this.dispatchEvent(new Event('change'));
    early.forEach(record => this.pushed(record));
  }

  /** @param {WireRecord} record */
  #apply(record) {
    if (record.join) {
      this.#join(record.join);
    } else if (record.leave) {
      this.#leave(record.leave);
    } else {
      this.#count = record.members;
      this.#askLater();
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

  /** Only a count came: who they are is asked for, but not each time. */
  #askLater() {
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined;
      this.start();
    }, ASK_PAUSE);
  }
}
