import { between } from '../client/parley.js';
import { byId, showText } from './dom.js';
import { count, memberName } from './format.js';
import { Scroll } from './scroll.js';
import { errorSentence } from './sentences.js';
import { Timeline } from './timeline.js';
import { Unsent } from './unsent.js';
import { channelOf } from './room-name.js';
/** @import { Channel, LostEvent, MemberEvent, Parley, ParleyErrorEvent, ParleyMessageEvent } from '../client/parley.js' */
/** @import { MemberList } from './members.js' */

const HISTORY = 50;

/** The room that is shown: what its channel tells goes into the timeline and the list of members. */
export class Room {
  #parley;
  #memberList;
  #changed;
  /** @type {Channel | null} */
  #channel = null;
  #log = byId('scroll', HTMLElement);
  #newer = byId('newer', HTMLButtonElement);
  #empty = byId('empty', HTMLElement);
  #timeline = new Timeline(byId('messages', HTMLElement));
  #unsent = new Unsent(byId('unsent', HTMLElement), position => this.#timeline.has(position));
  #scroll = new Scroll(this.#log, byId('stack', HTMLElement), () => this.#seen());
  /** What came while nobody looked. */
  #unseen = 0;
  /** Out of sight below. */
  #below = 0;
  #name = '';

  /**
   * @param {Parley} parley
   * @param {MemberList} memberList
   * @param {() => void} changed the channel's state did
   */
  constructor(parley, memberList, changed) {
    this.#parley = parley;
    this.#memberList = memberList;
    this.#changed = changed;
    parley.addEventListener('statechange', () => (this.#unsent.connected = parley.state === 'open'));
    this.#newer.addEventListener('click', () => this.#scroll.toEnd());
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  get channel() {
    return this.#channel;
  }

  /** @param {string} name */
  enter(name) {
    this.#channel?.close();
    this.#timeline.clear();
    this.#unsent.clear();
    this.#memberList.show({ members: [], count: 0 }, null);
    this.#name = name;
    this.#channel = this.#parley.channel(channelOf(name), { history: HISTORY });
    this.#listen(this.#channel);
    byId('room-title', HTMLElement).textContent = name;
    this.#below = 0;
    this.#unseen = 0;
    this.#scroll.toEnd();
    this.#show();
    this.#changed();
  }

  /** @param {any} content */
  publish(content) {
    if (this.#channel) {
      this.#unsent.publish(this.#channel, content);
      this.#scroll.toEnd();
      this.#show();
      this.#changed();
    }
  }

  /** @param {Channel} channel */
  #listen(channel) {
    const { presence } = channel;
    channel.onmessage = event => this.#message(event);
    channel.onlost = event => this.#timeline.gap(lostSentence(event));
    channel.onerror = event => this.#refused(event);
    channel.onstatechange = () => this.#stateChanged(channel);
    presence.onchange = () => this.#memberList.show(presence, this.#parley.user);
    presence.onjoin = event => this.#came(event, 'joined');
    presence.onleave = event => this.#came(event, 'left');
  }

  /** @param {ParleyMessageEvent} event */
  #message({ message }) {
    const own = message.from.user === this.#parley.user;
    this.#timeline.add(message, own);
    this.#unsent.shown(message.position);
    if (!own && this.#channel?.state === 'live') {
      this.#unseen += document.hidden ? 1 : 0;
      this.#below += this.#scroll.atEnd ? 0 : 1;
    }
    this.#show();
  }

  /**
   * @param {MemberEvent} event
   * @param {string} what
   */
  #came({ member }, what) {
    if (member.user !== this.#parley.user) {
      this.#timeline.notice(`${memberName(member)} ${what}`);
    }
  }

  /** @param {ParleyErrorEvent} event */
  #refused({ error }) {
    const wire = /** @type {import('../client/parley.js').ParleyError} */ (error);
    this.#timeline.gap(wire.retry ? `${errorSentence(wire)} It is tried again.` : errorSentence(wire));
  }

  /** @param {Channel} channel */
  #stateChanged(channel) {
    if (channel === this.#channel) {
      this.#log.setAttribute('aria-busy', String(channel.state !== 'live'));
      this.#show();
      this.#changed();
    }
  }

  #seen() {
    this.#unseen = document.hidden ? this.#unseen : 0;
    this.#below = this.#scroll.atEnd ? 0 : this.#below;
    this.#show();
  }

  #show() {
    this.#empty.hidden = !this.#timeline.empty || this.#channel?.state !== 'live';
    showText(this.#newer, this.#below > 0 ? count(this.#below, 'new message') : '');
    document.title = `${this.#unseen > 0 ? `(${this.#unseen}) ` : ''}${this.#name} – Parley`;
  }
}

/** @param {LostEvent} event */
function lostSentence({ after, before }) {
  const missing = after && before ? between(after, before) : null;
  return missing === null
    ? 'The history on the server is not the one that was here before. Some messages may be gone.'
    : `${count(missing, 'message')} can no longer be had: the server keeps only the newest.`;
}
