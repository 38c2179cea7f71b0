import { between, isAfter, isFirst, onward } from '../client/position.js';
import { element, linkButton } from './dom.js';
import { errorMessage, expiredMessage } from './error-messages.js';
/** @import { Channel, Message, ParleyError } from '../client/parley.js' */
/** @import { Timeline } from './timeline.js' */

/** Rows that the page keeps; what else there is, the server has. */
const MAX_ROWS = 400;
const PAGE_SIZE = 50;

/**
 * @typedef {object} HistoryView
 * @property {(message: Message) => boolean} isOwn
 * @property {() => boolean} isFollowing whether the view follows the newest message
 * @property {(change: () => void) => void} withoutAnnouncing applies a change that a screen reader must not announce
 * @property {() => void} changed the timeline has changed
 */

/**
 * Infinite scrolling over a channel's history, with a sliding window of `MAX_ROWS`. Near the start the page before is
 * loaded, and rows at the other end are trimmed. Once the newest were trimmed it is `behind`: a new message is not
 * appended but loaded later, near the end, until it has caught up.
 */
export class HistoryPager {
  #timeline;
  #status;
  #view;
  /** @type {Channel | null} */
  #channel = null;
  #room = '';
  /** The request in flight; the response to an earlier one is stale. @type {symbol | null} */
  #loading = null;
  /** Whether there are older messages: null when that is not known. @type {boolean | null} */
  #more = null;
  /** @type {ParleyError | null} */
  #error = null;
  #behind = false;

  /**
   * @param {Timeline} timeline
   * @param {HTMLElement} status the line above it
   * @param {HistoryView} view
   */
  constructor(timeline, status, view) {
    this.#timeline = timeline;
    this.#status = status;
    this.#view = view;
  }

  get behind() {
    return this.#behind;
  }

  /**
   * @param {Channel} channel
   * @param {string} room
   */
  enter(channel, room) {
    this.#channel = channel;
    this.#room = room;
    this.#loading = null;
    this.#more = null;
    this.#error = null;
    this.#behind = false;
    this.#show();
  }

  /**
   * A new message.
   *
   * @param {Message} message
   */
  add(message) {
    if (this.#behind) {
      return;
    }
    this.#timeline.append([message], this.#view.isOwn);
    if (this.#timeline.size > MAX_ROWS) {
      if (this.#view.isFollowing()) {
        this.#trimStart();
      } else {
        this.#behind = this.#timeline.trimEnd(MAX_ROWS);
      }
    }
    this.#show();
  }

  /** Loads the page before the first message. */
  loadOlder() {
    const { first } = this.#timeline;
    if (first !== null && !isFirst(first) && this.#more !== false && this.#error === null) {
      this.#load(async channel => {
        const { messages, more } = await channel.history({ before: first, limit: PAGE_SIZE }).catch(emptyIfNotFound);
        return () => {
          this.#timeline.prepend(messages, this.#view.isOwn);
          this.#more = more && messages.length > 0;
          this.#behind = this.#timeline.trimEnd(MAX_ROWS) || this.#behind;
        };
      });
    }
  }

  /** Loads the page after the last message, while it is behind. */
  loadNewer() {
    const { last } = this.#timeline;
    if (this.#behind && last !== null) {
      this.#load(async channel => {
        const messages = await pageAfter(channel, last);
        return messages.length > 0 ? () => this.#appendPage(channel, messages) : this.#replaceByNewest(channel);
      });
    }
  }

  /** Replaces all by the newest page, if it is behind. */
  async loadNewest() {
    if (this.#behind) {
      this.#loading = null;
      await this.#load(channel => this.#replaceByNewest(channel));
    }
  }

  /** @param {Channel} channel */
  async #replaceByNewest(channel) {
    const { messages, more } = await channel.history({ limit: PAGE_SIZE });
    return () => {
      this.#timeline.trimEnd(0);
      this.#more = more;
      this.#appendPage(channel, messages);
    };
  }

  /**
   * @param {Channel} channel
   * @param {Message[]} messages that follow the last
   */
  #appendPage(channel, messages) {
    const { last } = this.#timeline;
    const missing = last === null || messages.length === 0 ? 0 : between(last, messages[0].position, channel.lineage);
    if (missing) {
      this.#timeline.gap(expiredMessage(missing));
    }
    this.#timeline.append(messages, this.#view.isOwn);
    this.#trimStart();
    const end = this.#timeline.last;
    this.#behind = end !== null && channel.position !== null && isAfter(channel.position, end, channel.lineage);
  }

  #trimStart() {
    if (this.#timeline.trimStart(MAX_ROWS)) {
      this.#more = null;
    }
  }

  /**
   * One request at a time. Its response is dropped when the room was left meanwhile.
   *
   * @param {(channel: Channel) => Promise<() => void>} read the promise has the change to apply
   */
  async #load(read) {
    const channel = this.#channel;
    if (this.#loading !== null || channel === null || channel.state !== 'live') {
      return;
    }
    const request = Symbol('request');
    this.#loading = request;
    this.#error = null;
    this.#show();
    try {
      const apply = await read(channel);
      if (request === this.#loading) {
        this.#loading = null;
        this.#view.withoutAnnouncing(apply);
      }
    } catch (error) {
      if (request === this.#loading) {
        this.#loading = null;
        this.#failed(/** @type {ParleyError} */ (error));
      }
    }
    this.#show();
    this.#view.changed();
  }

  /** After a lost connection the next scroll retries. @param {ParleyError} error */
  #failed(error) {
    this.#error = error.name === 'connection-lost' ? null : error;
  }

  #show() {
    const { first } = this.#timeline;
    if (this.#loading !== null) {
      this.#status.textContent = 'Loading messages';
    } else if (this.#error) {
      this.#status.replaceChildren(`Older messages could not be read. ${errorMessage(this.#error)} `, this.#retryButton());
    } else if (first !== null && isFirst(first)) {
      this.#status.replaceChildren('The beginning of ', element('bdi', { text: this.#room }));
    } else {
      this.#status.textContent = this.#more === false && first !== null ? 'Older messages are no longer kept.' : '';
    }
  }

  #retryButton() {
    return linkButton('Try again', () => {
      this.#error = null;
      this.loadOlder();
    });
  }
}

/**
 * The log that the position was of is gone.
 *
 * @param {ParleyError} error
 * @returns {{messages: Message[], more: boolean}}
 */
function emptyIfNotFound(error) {
  if (error.name === 'not-found') {
    return { messages: [], more: false };
  }
  throw error;
}

/**
 * The page after a position. The server reads backwards from a position, as much as fits one batch: so this reads the end
 * of the page first, and then what is missing before it.
 *
 * @param {Channel} channel
 * @param {string} last
 */
async function pageAfter(channel, last) {
  /** @type {Message[]} */
  let messages = [];
  const { lineage } = channel;
  let before = onward(last, PAGE_SIZE + 1, lineage);
  for (let more = true; more && isAfter(before, onward(last, 1, lineage), lineage); ) {
    const page = await channel.history({ before, limit: PAGE_SIZE }).catch(emptyIfNotFound);
    const fresh = page.messages.filter(message => isAfter(message.position, last, lineage));
    messages = [...fresh, ...messages];
    more = page.more && fresh.length > 0;
    before = messages[0]?.position ?? last;
  }
  return messages;
}
