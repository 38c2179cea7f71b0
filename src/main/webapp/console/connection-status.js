import { byId, showText } from './dom.js';
import { closeMessage } from './error-messages.js';
import { count } from './format.js';
import { TRANSPORTS } from './transports.js';
/** @import { Channel, Parley } from '../client/parley.js' */

const SECOND = 1_000;

/** @type {Record<string, string>} */
const LABELS = { 'connecting': 'Connecting', 'catching-up': 'Catching up', 'live': 'Live', 'offline': 'Offline', 'ended': 'Ended' };

/** The state of the connection, its transport, and while it is lost the banner with the countdown to the next retry. */
export class ConnectionStatus {
  #state = byId('state', HTMLElement);
  #text = byId('state-text', HTMLElement);
  #transport = byId('transport', HTMLElement);
  #transportDetail = byId('transport-detail', HTMLElement);
  #banner = byId('banner', HTMLElement);
  #bannerText = byId('banner-text', HTMLElement);
  #countdown = byId('banner-countdown', HTMLElement);
  #tryNow = byId('try-now', HTMLButtonElement);
  #parley;
  #channel;
  /** Of the last close, when it was final. */
  #closeMessage = '';
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdownTimer;

  /**
   * @param {Parley} parley
   * @param {() => Channel | null} channel of the room
   */
  constructor(parley, channel) {
    this.#parley = parley;
    this.#channel = channel;
    parley.addEventListener('statechange', () => this.show());
    parley.addEventListener('transport', () => this.show());
    parley.addEventListener('close', event => {
      const { reason, reconnect } = /** @type {import('../client/parley.js').ParleyCloseEvent} */ (event);
      this.#closeMessage = reconnect ? '' : closeMessage(reason);
      this.show();
    });
    addEventListener('online', () => this.show());
    addEventListener('offline', () => this.show());
    this.#tryNow.addEventListener('click', () => parley.retry());
    this.show();
  }

  show() {
    const state = this.#currentState();
    this.#state.dataset.state = state;
    if (this.#text.textContent !== LABELS[state]) {
      this.#text.textContent = LABELS[state];
    }
    const { transport } = this.#parley;
    this.#transport.dataset.transport = transport ?? '';
    const label = this.#parley.state === 'open' && transport ? TRANSPORTS[transport] : '';
    showText(this.#transport, label);
    showText(this.#transportDetail, label);
    const disconnected = state === 'offline' || state === 'ended';
    this.#banner.hidden = !disconnected;
    this.#tryNow.textContent = state === 'ended' ? 'Connect again' : 'Try now';
    this.#bannerText.textContent = disconnected ? this.#bannerMessage(state) : '';
    this.#setCountdown(state === 'offline');
  }

  /** @returns {'connecting' | 'catching-up' | 'live' | 'offline' | 'ended'} */
  #currentState() {
    switch (this.#parley.state) {
      case 'open':
        return this.#channel()?.state === 'live' ? 'live' : 'catching-up';
      case 'connecting':
        return this.#state.dataset.state === 'offline' ? 'offline' : 'connecting';
      case 'waiting':
        return 'offline';
      default:
        return 'ended';
    }
  }

  /** @param {string} state */
  #bannerMessage(state) {
    if (state === 'ended') {
      return this.#closeMessage;
    }
    const reason = navigator.onLine ? 'The server cannot be reached.' : 'This device has no network.';
    const waiting = this.#parley.unacknowledged;
    return waiting > 0 ? `${reason} ${count(waiting, 'message')} will be sent when it is back.` : reason;
  }

  /** @param {boolean} on */
  #setCountdown(on) {
    clearInterval(this.#countdownTimer);
    this.#showCountdown();
    if (on) {
      this.#countdownTimer = setInterval(() => this.#showCountdown(), SECOND / 4);
    }
  }

  #showCountdown() {
    const at = this.#parley.retryAt;
    const seconds = at === null ? 0 : Math.ceil((at - Date.now()) / SECOND);
    const text = this.#parley.state === 'connecting' ? 'Trying now.' : `Next try in ${seconds} s.`;
    showText(this.#countdown, this.#state.dataset.state === 'offline' ? text : '');
  }
}
