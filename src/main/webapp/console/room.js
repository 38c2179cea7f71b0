import { between } from '../client/position.js';
import { isAway, listenForAttention } from './attention.js';
import { byId, showText } from './dom.js';
import { count, memberName } from './format.js';
import { Past } from './past.js';
import { channelOf, typingOf } from './room-name.js';
import { Scroll } from './scroll.js';
import { errorSentence } from './sentences.js';
import { Timeline } from './timeline.js';
import { Typing } from './typing.js';
import { Unread } from './unread.js';
import { Unsent } from './unsent.js';
/** @import { Channel, LostEvent, MemberEvent, Message, Parley, ParleyErrorEvent, ParleyMessageEvent } from '../client/parley.js' */
/** @import { MemberList } from './members.js' */

const HISTORY = 50;
/** A screen reader takes in what was added a moment after it was. */
const QUIET = 1_000;

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
  #unread = new Unread(this.#timeline);
  #scroll = new Scroll(this.#log, byId('stack', HTMLElement), byId('messages', HTMLElement), {
    mark: () => this.#unread.begin,
    isAway,
    isBehind: () => this.#past.behind,
    moved: () => this.#seen(),
  });
  #past = new Past(this.#timeline, byId('older', HTMLElement), {
    isOwn: message => this.#isOwn(message),
    followsEnd: () => this.#scroll.following,
    quietly: change => this.#quietly(change),
    changed: () => this.#show(),
  });
  #unsent = new Unsent(byId('unsent', HTMLElement));
  #typing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
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
    this.#typing = new Typing(parley);
    parley.addEventListener('statechange', () => (this.#unsent.connected = parley.state === 'open'));
    this.#newer.addEventListener('click', () => this.#toNewest());
    listenForAttention(() => this.#scroll.settle());
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
    this.#unread.enter(name);
    this.#past.enter(this.#channel, name);
    this.#listen(this.#channel);
    this.#typing.enter(typingOf(name));
    byId('room-title', HTMLElement).textContent = name;
    this.#scroll.toEnd();
    this.#show();
    this.#changed();
  }

  /** @param {any} content */
  publish(content) {
    if (this.#channel) {
      this.#typing.stopped();
      this.#unread.written();
      this.#unsent.publish(this.#channel, content);
      this.#toNewest();
      this.#changed();
    }
  }

  /** @param {boolean} something stands where one writes */
  wrote(something) {
    this.#typing.wrote(something);
  }

  /** @param {number} pages downwards */
  turn(pages) {
    this.#scroll.turn(pages);
  }

  /** @param {Channel} channel */
  #listen(channel) {
    const { presence } = channel;
    channel.onmessage = event => this.#message(event);
    channel.onlost = event => this.#lost(event);
    channel.onerror = event => this.#refused(event);
    channel.onstatechange = () => this.#stateChanged(channel);
    presence.onchange = () => this.#memberList.show(presence, this.#parley.user);
    presence.onjoin = event => this.#came(event, 'joined');
    presence.onleave = event => this.#came(event, 'left');
  }

  /** @param {ParleyMessageEvent} event */
  #message({ message }) {
    const live = this.#channel?.state === 'live';
    const inSight = live && !isAway() && this.#scroll.following;
    this.#past.add(message);
    this.#unsent.passed(message.position);
    this.#typing.forget(message.from.user);
    if (inSight || this.#unread.isFirstVisit) {
      this.#unread.readThrough(message.position);
    } else if (!this.#isOwn(message)) {
      this.#unread.add(message);
    }
    this.#show();
  }

  /** @param {Message} message */
  #isOwn({ from }) {
    return from.user === this.#parley.user;
  }

  /** @param {LostEvent} event */
  #lost(event) {
    if (!this.#past.behind) {
      this.#timeline.gap(lostSentence(event));
    }
  }

  /**
   * @param {MemberEvent} event
   * @param {string} what
   */
  #came({ member }, what) {
    if (what === 'left') {
      this.#typing.forget(member.user);
    }
    if (member.user !== this.#parley.user && !this.#past.behind) {
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
      if (channel.state === 'live') {
        this.#unread.entered();
        this.#scroll.settle();
      }
      this.#log.setAttribute('aria-busy', String(channel.state !== 'live'));
      this.#show();
      this.#changed();
    }
  }

  async #toNewest() {
    await this.#past.newest();
    this.#scroll.toEnd();
    this.#scroll.settle();
  }

  /** Something else is in sight, or somebody is there to see it. */
  #seen() {
    if (this.#channel?.state !== 'live') {
      return;
    }
    const { behind } = this.#past;
    if (!isAway()) {
      const atEnd = this.#scroll.atEnd && !behind;
      this.#unread.readThrough(atEnd ? this.#channel.position : this.#timeline.lastAbove(this.#scroll.bottom));
    }
    if (behind && this.#scroll.nearEnd) {
      this.#past.newer();
    } else if (this.#scroll.nearStart) {
      this.#past.older();
    }
    this.#show();
  }

  /**
   * Does what a screen reader shall not read out: it would read a page of old messages to who only scrolls.
   *
   * @param {() => void} change
   */
  #quietly(change) {
    clearTimeout(this.#quiet);
    this.#log.setAttribute('aria-live', 'off');
    change();
    this.#quiet = setTimeout(() => this.#log.setAttribute('aria-live', 'polite'), QUIET);
  }

  #show() {
    const { count: unread, text } = this.#unread;
    const below = unread > 0 && (this.#past.behind || !this.#scroll.atEnd);
    const far = this.#past.behind ? 'To the newest messages' : '';
    this.#empty.hidden = !this.#timeline.empty || this.#channel?.state !== 'live';
    showText(this.#newer, below ? `${text} new ${unread === 1 ? 'message' : 'messages'}` : far);
    document.title = `${unread > 0 ? `(${text}) ` : ''}${this.#name} – Parley`;
  }
}

/** @param {LostEvent} event */
function lostSentence({ after, before }) {
  const missing = after && before ? between(after, before) : null;
  return missing === null
    ? 'The history on the server is not the one that was here before. Some messages may be gone.'
    : `${count(missing, 'message')} can no longer be had: the server keeps only the newest.`;
}
