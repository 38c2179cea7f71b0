import { byId, showText } from './dom.js';
import { count } from './format.js';
import { endingSentence } from './sentences.js';
import { TRANSPORTS } from './transports.js';
/** @import { Channel, Parley } from '../client/parley.js' */

const SECOND = 1_000;

/** @type {Record<string, string>} */
const WORDS = { 'connecting': 'Connecting', 'catching-up': 'Catching up', 'live': 'Live', 'offline': 'Offline', 'ended': 'Ended' };

/** Says how things stand with the connection, and no better than they are. */
export class Status {
  #state = byId('state', HTMLElement);
  #text = byId('state-text', HTMLElement);
  #transport = byId('transport', HTMLElement);
  #way = byId('way', HTMLElement);
  #banner = byId('banner', HTMLElement);
  #bannerText = byId('banner-text', HTMLElement);
  #countdown = byId('banner-countdown', HTMLElement);
  #tryNow = byId('try-now', HTMLButtonElement);
  #parley;
  #room;
  #ending = '';
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /**
   * @param {Parley} parley
   * @param {() => Channel | null} room the channel that is shown
   */
  constructor(parley, room) {
    this.#parley = parley;
    this.#room = room;
    parley.addEventListener('statechange', () => this.show());
    parley.addEventListener('transport', () => this.show());
    parley.addEventListener('close', event => {
      const { reason, reconnect } = /** @type {import('../client/parley.js').ParleyCloseEvent} */ (event);
      this.#ending = reconnect ? '' : endingSentence(reason);
      this.show();
    });
    addEventListener('online', () => this.show());
    addEventListener('offline', () => this.show());
    this.#tryNow.addEventListener('click', () => parley.retry());
    this.show();
  }

  show() {
    const state = this.#known();
    this.#state.dataset.state = state;
    if (this.#text.textContent !== WORDS[state]) {
      this.#text.textContent = WORDS[state];
    }
    const { transport } = this.#parley;
    this.#transport.dataset.transport = transport ?? '';
    const way = this.#parley.state === 'open' && transport ? TRANSPORTS[transport] : '';
    showText(this.#transport, way);
    showText(this.#way, way);
    const trouble = state === 'offline' || state === 'ended';
    this.#banner.hidden = !trouble;
    this.#tryNow.textContent = state === 'ended' ? 'Connect again' : 'Try now';
    this.#bannerText.textContent = trouble ? this.#trouble(state) : '';
    this.#tick(state === 'offline');
  }

  /** @returns {'connecting' | 'catching-up' | 'live' | 'offline' | 'ended'} */
  #known() {
    switch (this.#parley.state) {
      case 'open':
        return this.#room()?.state === 'live' ? 'live' : 'catching-up';
      case 'connecting':
        return this.#state.dataset.state === 'offline' ? 'offline' : 'connecting';
      case 'waiting':
        return 'offline';
      default:
        return 'ended';
    }
  }

  /** @param {string} state */
  #trouble(state) {
    if (state === 'ended') {
      return this.#ending;
    }
    const why = navigator.onLine ? 'The server cannot be reached.' : 'This device has no network.';
    const waiting = this.#parley.unacknowledged;
    return waiting > 0 ? `${why} ${count(waiting, 'message')} will be sent when it is back.` : why;
  }

  /** @param {boolean} on */
  #tick(on) {
    clearInterval(this.#ticking);
    this.#countDown();
    if (on) {
      this.#ticking = setInterval(() => this.#countDown(), SECOND / 4);
    }
  }

  #countDown() {
    const at = this.#parley.retryAt;
    const seconds = at === null ? 0 : Math.ceil((at - Date.now()) / SECOND);
    const text = this.#parley.state === 'connecting' ? 'Trying now.' : `Next try in ${seconds} s.`;
    showText(this.#countdown, this.#state.dataset.state === 'offline' ? text : '');
  }
}
