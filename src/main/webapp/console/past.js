import { between, isAfter, isFirst, moved } from '../client/position.js';
import { element } from './dom.js';
import { count } from './format.js';
import { errorSentence } from './sentences.js';
/** @import { Channel, Message, ParleyError } from '../client/parley.js' */
/** @import { Timeline } from './timeline.js' */

/** Rows that the page keeps; what else there is, the server has. */
const MOST = 400;
const PAGE = 50;

/**
 * @typedef {object} Reader
 * @property {(message: Message) => boolean} isOwn
 * @property {() => boolean} followsEnd whether one reads at the newest
 * @property {(change: () => void) => void} quietly does what must not be read out
 * @property {() => void} changed the timeline did
 */

/**
 * The part of a channel that the timeline shows. It moves: older messages are read when one comes near the start, and
 * when there are too many, those furthest from what one reads go. Once the newest have gone it is `behind`: what comes
 * meanwhile is not shown but read later, as one comes near the end, until it has caught up.
 */
export class Past {
  #timeline;
  #line;
  #reader;
  /** @type {Channel | null} */
  #channel = null;
  #room = '';
  /** What is being read, if anything is; what was begun before it is of no use. @type {symbol | null} */
  #loading = null;
  /** Whether there is more before the first: null when nobody knows. @type {boolean | null} */
  #more = null;
  /** @type {ParleyError | null} */
  #error = null;
  #behind = false;

  /**
   * @param {Timeline} timeline
   * @param {HTMLElement} line above it, that says what is there
   * @param {Reader} reader
   */
  constructor(timeline, line, reader) {
    this.#timeline = timeline;
    this.#line = line;
    this.#reader = reader;
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
   * A message came.
   *
   * @param {Message} message
   */
  add(message) {
    if (this.#behind) {
      return;
    }
    this.#timeline.append([message], this.#reader.isOwn);
    if (this.#timeline.size > MOST) {
      if (this.#reader.followsEnd()) {
        this.#cutStart();
      } else {
        this.#behind = this.#timeline.cutEnd(MOST);
      }
    }
    this.#show();
  }

  /** The start of what is shown has come near. */
  older() {
    const { first } = this.#timeline;
    if (first !== null && !isFirst(first) && this.#more !== false && this.#error === null) {
      this.#load(async channel => {
        const { messages, more } = await channel.history({ before: first, limit: PAGE }).catch(ofNoLog);
        return () => {
          this.#timeline.prepend(messages, this.#reader.isOwn);
          this.#more = more && messages.length > 0;
          this.#behind = this.#timeline.cutEnd(MOST) || this.#behind;
        };
      });
    }
  }

  /** The end of what is shown has come near, and is not the newest. */
  newer() {
    const { last } = this.#timeline;
    if (this.#behind && last !== null) {
      this.#load(async channel => {
        const messages = await following(channel, last);
        return messages.length > 0 ? () => this.#continue(channel, messages) : this.#newest(channel);
      });
    }
  }

  /** Shows the newest, whatever is shown now; told when they are. */
  async newest() {
    if (this.#behind) {
      this.#loading = null;
      await this.#load(channel => this.#newest(channel));
    }
  }

  /** @param {Channel} channel */
  async #newest(channel) {
    const { messages, more } = await channel.history({ limit: PAGE });
    return () => {
      this.#timeline.cutEnd(0);
      this.#more = more;
      this.#continue(channel, messages);
    };
  }

  /**
   * @param {Channel} channel
   * @param {Message[]} messages that follow the last
   */
  #continue(channel, messages) {
    const { last } = this.#timeline;
    const missing = last === null || messages.length === 0 ? 0 : between(last, messages[0].position);
    if (missing) {
      this.#timeline.gap(`${count(missing, 'message')} can no longer be had: the server keeps only the newest.`);
    }
    this.#timeline.append(messages, this.#reader.isOwn);
    this.#cutStart();
    const end = this.#timeline.last;
    this.#behind = end !== null && channel.position !== null && isAfter(channel.position, end);
  }

  #cutStart() {
    if (this.#timeline.cutStart(MOST)) {
      this.#more = null;
    }
  }

  /**
   * One at a time, and not for a room that was left meanwhile.
   *
   * @param {(channel: Channel) => Promise<() => void>} read gives what to do with what was read
   */
  async #load(read) {
    const channel = this.#channel;
    if (this.#loading !== null || channel === null || channel.state !== 'live') {
      return;
    }
    const turn = Symbol('a turn of reading');
    this.#loading = turn;
    this.#error = null;
    this.#show();
    try {
      const apply = await read(channel);
      if (turn === this.#loading) {
        this.#loading = null;
        this.#reader.quietly(apply);
      }
    } catch (error) {
      if (turn === this.#loading) {
        this.#loading = null;
        this.#failed(/** @type {ParleyError} */ (error));
      }
    }
    this.#show();
    this.#reader.changed();
  }

  /** What a connection that ended has kept back is asked for again when one scrolls. @param {ParleyError} error */
  #failed(error) {
    this.#error = error.name === 'connection-lost' ? null : error;
  }

  #show() {
    const { first } = this.#timeline;
    if (this.#loading !== null) {
      this.#line.textContent = 'Loading messages';
    } else if (this.#error) {
      this.#line.replaceChildren(`Older messages could not be read. ${errorSentence(this.#error)} `, this.#again());
    } else if (first !== null && isFirst(first)) {
      this.#line.replaceChildren('The beginning of ', element('bdi', { text: this.#room }));
    } else {
      this.#line.textContent = this.#more === false && first !== null ? 'Older messages are no longer kept.' : '';
    }
  }

  #again() {
    const button = element('button', { className: 'link', text: 'Try again', attributes: { type: 'button' } });
    button.addEventListener('click', () => {
      this.#error = null;
      this.older();
    });
    return button;
  }
}

/**
 * Nothing is left of the log that a position was of.
 *
 * @param {ParleyError} error
 * @returns {{messages: Message[], more: boolean}}
 */
function ofNoLog(error) {
  if (error.name === 'not-found') {
    return { messages: [], more: false };
  }
  throw error;
}

/**
 * The next page, from a position on. The server reads backwards, and gives as much as fits one message: so this asks for
 * the page's end, and then for what is still missing before that.
 *
 * @param {Channel} channel
 * @param {string} last
 */
async function following(channel, last) {
  /** @type {Message[]} */
  let messages = [];
  let before = moved(last, PAGE + 1);
  for (let more = true; more && isAfter(before, moved(last, 1)); ) {
    const part = await channel.history({ before, limit: PAGE }).catch(ofNoLog);
    const fresh = part.messages.filter(message => isAfter(message.position, last));
    messages = [...fresh, ...messages];
    more = part.more && fresh.length > 0;
    before = messages[0]?.position ?? last;
  }
  return messages;
}
