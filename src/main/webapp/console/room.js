import { between } from '../client/position.js';
import { byId, showText } from './dom.js';
import { errorMessage, expiredMessage } from './error-messages.js';
import { memberName } from './format.js';
import { HistoryPager } from './history-pager.js';
import { isAway, onVisibilityChange } from './page-visibility.js';
import { PendingMessages } from './pending-messages.js';
import { chatChannel, typingChannel } from './room-name.js';
import { ScrollAnchor } from './scroll-anchor.js';
import { Timeline } from './timeline.js';
import { TypingIndicator } from './typing-indicator.js';
import { UnreadMarker } from './unread-marker.js';
/** @import { Channel, LostEvent, MemberEvent, Message, Parley, ParleyErrorEvent, ParleyMessageEvent, Position } from '../client/parley.js' */
/** @import { MemberList } from './member-list.js' */

const HISTORY = 50;
/** A screen reader announces an addition a moment later. */
const ANNOUNCE_DELAY = 1_000;

/** The current room: the events of its channel go into the timeline and the member list. */
export class Room {
  #parley;
  #memberList;
  #changed;
  /** @type {Channel | null} */
  #channel = null;
  #log = byId('scroll', HTMLElement);
  #newestButton = byId('newer', HTMLButtonElement);
  #empty = byId('empty', HTMLElement);
  #timeline = new Timeline(byId('messages', HTMLElement));
  #unread = new UnreadMarker(this.#timeline);
  #scroll = new ScrollAnchor(this.#log, byId('stack', HTMLElement), byId('messages', HTMLElement), {
    mark: () => this.#unread.begin,
    isAway,
    isBehind: () => this.#pager.behind,
    viewChanged: () => this.#viewChanged(),
  });
  #pager = new HistoryPager(this.#timeline, byId('older', HTMLElement), {
    isOwn: message => this.#isOwn(message),
    isFollowing: () => this.#scroll.following,
    withoutAnnouncing: change => this.#withoutAnnouncing(change),
    changed: () => this.#show(),
  });
  #pending = new PendingMessages(byId('pending', HTMLElement));
  #typing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announceTimer;
  #name = '';

  /**
   * @param {Parley} parley
   * @param {MemberList} memberList
   * @param {() => void} changed the channel's state has changed
   */
  constructor(parley, memberList, changed) {
    this.#parley = parley;
    this.#memberList = memberList;
    this.#changed = changed;
    this.#typing = new TypingIndicator(parley);
    parley.addEventListener('statechange', () => (this.#pending.connected = parley.state === 'open'));
    this.#newestButton.addEventListener('click', () => this.#showNewest());
    onVisibilityChange(() => this.#scroll.settle());
  }

  get channel() {
    return this.#channel;
  }

  /** @param {string} name */
  enter(name) {
    this.#channel?.close();
    this.#timeline.clear();
    this.#pending.clear();
    this.#memberList.show({ members: [], count: 0 }, null);
    this.#name = name;
    this.#channel = this.#parley.channel(chatChannel(name), { history: HISTORY });
    this.#unread.enter(name, this.#channel);
    this.#pager.enter(this.#channel, name);
    this.#listen(this.#channel);
    this.#typing.enter(typingChannel(name));
    byId('room-title', HTMLElement).textContent = name;
    this.#scroll.toEnd();
    this.#show();
    this.#changed();
  }

  /** @param {any} content */
  publish(content) {
    if (this.#channel) {
      this.#typing.stopped();
      this.#unread.wrote();
      this.#pending.publish(this.#channel, content);
      this.#showNewest();
      this.#changed();
    }
  }

  /** @param {boolean} something whether the composer's text is not empty */
  edited(something) {
    this.#typing.edited(something);
  }

  /** @param {number} pages downwards */
  scrollPages(pages) {
    this.#scroll.scrollPages(pages);
  }

  /** @param {Channel} channel */
  #listen(channel) {
    const { presence } = channel;
    channel.onmessage = event => this.#message(event);
    channel.onlost = event => this.#lost(event);
    channel.onforgotten = event => this.#forgotten(event);
    channel.onerror = event => this.#failed(event);
    channel.onstatechange = () => this.#stateChanged(channel);
    presence.onchange = () => this.#memberList.show(presence, this.#parley.user);
    presence.onjoin = event => this.#memberChanged(event, 'joined');
    presence.onleave = event => this.#memberChanged(event, 'left');
  }

  /** @param {ParleyMessageEvent} event */
  #message({ message }) {
    const live = this.#channel?.state === 'live';
    const inSight = live && !isAway() && this.#scroll.following;
    this.#pager.add(message);
    this.#pending.reached(message);
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
    if (!this.#pager.behind) {
      this.#timeline.gap(lostMessage(event));
    }
  }

  /** @param {LostEvent} event */
  #forgotten({ after }) {
    // Of that epoch all that follows is gone, also what was acknowledged and not yet seen here
    const isForgotten = (/** @type {Position} */ position) => between(after ?? '', position) !== null;
    this.#timeline.forget(isForgotten);
    this.#pending.forget(isForgotten);
    this.#show();
  }

  /**
   * @param {MemberEvent} event
   * @param {string} what
   */
  #memberChanged({ member }, what) {
    if (what === 'left') {
      this.#typing.forget(member.user);
    }
    if (member.user !== this.#parley.user && !this.#pager.behind) {
      this.#timeline.notice(`${memberName(member)} ${what}`);
    }
  }

  /** @param {ParleyErrorEvent} event */
  #failed({ error }) {
    const wire = /** @type {import('../client/parley.js').ParleyError} */ (error);
    this.#timeline.gap(wire.retry ? `${errorMessage(wire)} It is tried again.` : errorMessage(wire));
  }

  /** @param {Channel} channel */
  #stateChanged(channel) {
    if (channel === this.#channel) {
      if (channel.state === 'live') {
        this.#unread.caughtUp();
        this.#scroll.settle();
      }
      this.#log.setAttribute('aria-busy', String(channel.state !== 'live'));
      this.#show();
      this.#changed();
    }
  }

  async #showNewest() {
    await this.#pager.loadNewest();
    this.#scroll.toEnd();
    this.#scroll.settle();
  }

  /** Other messages are visible, or the user is back. */
  #viewChanged() {
    if (this.#channel?.state !== 'live') {
      return;
    }
    const { behind } = this.#pager;
    if (!isAway()) {
      const atEnd = this.#scroll.atEnd && !behind;
      this.#unread.readThrough(atEnd ? this.#channel.position : this.#timeline.lastVisible(this.#scroll.bottom));
    }
    if (behind && this.#scroll.nearEnd) {
      this.#pager.loadNewer();
    } else if (this.#scroll.nearStart) {
      this.#pager.loadOlder();
    }
    this.#show();
  }

  /**
   * Applies a change that a screen reader must not announce: it would read out whole pages of old messages.
   *
   * @param {() => void} change
   */
  #withoutAnnouncing(change) {
    clearTimeout(this.#announceTimer);
    this.#log.setAttribute('aria-live', 'off');
    change();
    this.#announceTimer = setTimeout(() => this.#log.setAttribute('aria-live', 'polite'), ANNOUNCE_DELAY);
  }

  #show() {
    const { count: unread, text } = this.#unread;
    const below = unread > 0 && (this.#pager.behind || !this.#scroll.atEnd);
    const far = this.#pager.behind ? 'To the newest messages' : '';
    this.#empty.hidden = !this.#timeline.empty || this.#channel?.state !== 'live';
    showText(this.#newestButton, below ? `${text} new ${unread === 1 ? 'message' : 'messages'}` : far);
    document.title = `${unread > 0 ? `(${text}) ` : ''}${this.#name} – Parley`;
  }
}

/** @param {LostEvent} event */
function lostMessage({ after, before }) {
  const missing = after && before ? between(after, before) : null;
  return missing === null
    ? 'The history on the server is not the one that was here before. Some messages may be gone.'
    : expiredMessage(missing);
}
