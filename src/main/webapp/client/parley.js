import { contextRoot, socketUrl } from './addresses.js';
import { Api } from './api.js';
import { Backoff } from './backoff.js';
import { Channel } from './channel.js';
import { Credentials } from './credentials.js';
import { Emitter } from './emitter.js';
import { ParleyError } from './errors.js';
import {
  LostEvent, ParleyCloseEvent, ParleyErrorEvent, ParleyMessageEvent, RecoveredEvent, TransportEvent,
} from './events.js';
import { newKey } from './key.js';
import { Line } from './line.js';
import { listenToNetwork } from './network.js';
import { Outbox } from './outbox.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Closing, Connection } from './connection.js' */
/** @import { TokenSource } from './credentials.js' */
/** @import { PublishOptions } from './outbox.js' */
/** @import { Position } from './position.js' */
/** @import { TransportFactory, TransportName } from './transport.js' */

export { Backoff } from './backoff.js';
export { Channel } from './channel.js';
export { ParleyError } from './errors.js';
export {
  LostEvent, MemberEvent, ParleyCloseEvent, ParleyErrorEvent, ParleyMessageEvent, RecoveredEvent, TransportEvent,
} from './events.js';
export { Message } from './message.js';

/**
 * `connecting`; `open`; `waiting` before the next try; `closed` for good.
 *
 * @typedef {'connecting' | 'open' | 'waiting' | 'closed'} ParleyState
 */

/**
 * @typedef {object} ParleyOptions
 * @property {string} [name] to be shown by
 * @property {string} [secret] that makes a guest the same guest again; see `Parley.secret`
 * @property {TokenSource} [token] of who is no guest. From a function a fresh one is had for each connection, and in good
 *     time before one expires; with a string the connection ends when it expires
 * @property {number} [publishesUnderWay] at once, of each channel: 1 keeps the order even when the server refuses a
 *     message for a while; more are faster
 * @property {Backoff} [backoff]
 * @property {TransportName[]} [transports] that may be taken; all by default, and of these the best that works
 * @property {TransportFactory} [transport] one of your own, instead of all of them
 */

const RETRY_SUBSCRIBE = 1_000;
/** The close code of RFC 6455 section 7.4.1; the server says not to come back, as it would only be sent the same. */
const TOO_LARGE = 1009;

/**
 * A conversation with a Parley server, over as many connections as it takes.
 *
 * ```js
 * const parley = new Parley('channels', { name: 'Ann' });
 * const lobby = parley.channel('chat.lobby', { history: 50 });
 * lobby.onmessage = event => console.log(event.message.from.name, event.data.text);
 * const position = await lobby.publish({ text: 'hi' });
 * ```
 *
 * Events: `open` each time it is connected, `close` each time it is not any more, `transport` when another one carries
 * the conversation, `message`, `recovered` and `lost` of any channel, `error`, `statechange`.
 */
export class Parley extends Emitter {
  /** @type {((event: Event) => void) | null} */
  onopen = null;
  /** @type {((event: ParleyMessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: ParleyCloseEvent) => void) | null} */
  onclose = null;
  /** @type {((event: ParleyErrorEvent) => void) | null} */
  onerror = null;
  /** @type {((event: TransportEvent) => void) | null} */
  ontransport = null;
  /** @type {((event: RecoveredEvent) => void) | null} */
  onrecovered = null;
  /** @type {((event: LostEvent) => void) | null} */
  onlost = null;
  /** @type {((event: Event) => void) | null} */
  onstatechange = null;

  #base;
  #credentials;
  #user = /** @type {string | null} */ (null);
  /** @type {ParleyState} */
  #state = 'closed';
  /** @type {TransportName | null} */
  #transport = null;
  /** @type {Map<string, Channel>} */
  #channels = new Map();
  #outbox;
  #line;
  #deaf;

  /**
   * Begins to connect at once.
   *
   * @param {string | URL} url of the endpoint, relative to the page
   * @param {ParleyOptions} [options]
   */
  constructor(url, { name, secret, token, publishesUnderWay, backoff = new Backoff(), transports, transport } = {}) {
    super(['open', 'message', 'close', 'error', 'transport', 'recovered', 'lost', 'statechange']);
    const socket = socketUrl(url);
    this.#base = contextRoot(socket);
    this.#credentials = new Credentials({ name, secret, token }, error => this.#tell(error));
    this.#outbox = new Outbox(publishesUnderWay);
    const way = { url: socket, base: this.#base, api: new Api(this.#base), backoff, transports, factory: transport };
    this.#line = new Line(way, {
      connecting: () => this.#enter('connecting'),
      introduce: async connection => connection.request('connect', await this.#credentials.shown()),
      opened: (connection, connected) => this.#opened(connection, connected),
      starts: () =>
        [...this.#channels.values()].flatMap(({ name: channel, position: after }) => (after ? [{ channel, after }] : [])),
      pushed: record => this.#pushed(record),
      interrupted: () => this.#interrupted(),
      refused: error => this.#unwelcome(error),
      closed: closing => this.#closed(closing),
    });
    this.#deaf = listenToNetwork({
      online: () => this.#line.hope(),
      came: () => this.#doubt(true),
      went: () => this.#doubt(false),
      left: () => this.#line.leave(),
    });
    this.#line.connect();
  }

  get state() {
    return this.#state;
  }

  /** Who this client is; null before the first `open`. */
  get user() {
    return this.#user;
  }

  get name() {
    return this.#credentials.name;
  }

  /** Keep it, and hand it to the next `Parley`, to be the same guest again. Undefined for who is no guest. */
  get secret() {
    return this.#credentials.secret;
  }

  /** What carries the conversation now, or did last; null before the first `open`. */
  get transport() {
    return this.#transport;
  }

  /** When the next try is due, in milliseconds since 1970; null when none is. */
  get retryAt() {
    return this.#line.timer.at;
  }

  /** How many published messages are not acknowledged yet. */
  get unacknowledged() {
    return this.#outbox.size;
  }

  /**
   * The channel, from now on or from where `start` says. A second call gives the same one.
   *
   * @param {string} name
   * @param {{history?: number, after?: Position}} [start]
   */
  channel(name, start) {
    const known = this.#channels.get(name);
    if (known) {
      return known;
    }
    const channel = new Channel(name, this.#home(), start);
    this.#channels.set(name, channel);
    if (this.#state === 'open') {
      this.#subscribe([channel]);
    }
    return channel;
  }

  /** Tries at once, where a try is due later, and again where it had given up. */
  retry() {
    if (this.#state === 'closed') {
      this.#line.connect();
    } else {
      this.#line.timer.now();
    }
  }

  /**
   * Is shown by another name from now on. The server asks for a name when a connection begins, so a new one is made.
   *
   * @param {string | undefined} name
   */
  rename(name) {
    if (name === this.#credentials.name) {
      return;
    }
    this.#credentials.name = name;
    if (this.#state === 'open' || this.#state === 'connecting') {
      this.#drop();
      this.#line.connect();
    }
  }

  /** Ends it for good. What is not acknowledged by now fails. */
  close() {
    this.#deaf();
    this.#line.leave();
    this.#drop();
    this.#finish({ code: 1000, name: 'closed', reconnect: false }, ParleyError.closed());
  }

  /** @param {boolean} hope that a try would go well */
  #doubt(hope) {
    if (hope) {
      this.#line.timer.now();
    }
    this.#line.connection?.probe();
  }

  /** @returns {import('./channel.js').Home} */
  #home() {
    return {
      base: this.#base,
      request: (command, body) => this.#request(command, body),
      publish: (channel, content, options) => this.#publish(channel, content, options),
      subscribe: channel => setTimeout(() => this.#subscribeAgain(channel), RETRY_SUBSCRIBE),
      forget: channel => this.#forget(channel),
      repeat: event => this.dispatchEvent(event),
    };
  }

  /**
   * @param {Connection} connection
   * @param {any} connected
   */
  #opened(connection, connected) {
    const before = this.#transport;
    const moved = this.#state === 'open';
    this.#user = connected.user;
    this.#credentials.taken(connection, connected);
    this.#transport = this.#line.name;
    this.#enter('open');
    if (this.#transport !== null && this.#transport !== before) {
      this.dispatchEvent(new TransportEvent(this.#transport, before));
    }
    if (!moved) {
      this.dispatchEvent(new Event('open'));
    }
    this.#subscribe([...this.#channels.values()]);
    this.#outbox.resume(connection);
  }

  /** @param {ParleyError} error */
  #unwelcome(error) {
    this.#drop();
    this.#tell(error);
    this.#ended({ code: error.code, name: error.name, reconnect: this.#credentials.mayHelp(error) }, error);
  }

  /** @param {Closing} closing */
  #closed(closing) {
    const { code, name } = closing;
    const error = new ParleyError({ code, name, message: `The connection ended: ${name || code}.` });
    this.#drop();
    if (!closing.reconnect) {
      this.#tell(error);
    }
    const mended = code === TOO_LARGE && this.#outbox.failLargest(error);
    this.#ended(mended ? { ...closing, reconnect: true } : closing, error);
  }

  /**
   * @param {Closing} closing
   * @param {ParleyError} error what publishers are told when it does not come back
   */
  #ended(closing, error) {
    const { reconnect, within } = closing;
    if (reconnect) {
      this.#line.timer.start(within === undefined ? within : within * 1_000 * Math.random());
      this.#enter('waiting');
      this.#tellClosed(closing);
    } else {
      this.#finish(closing, error);
    }
  }

  /**
   * @param {Closing} closing
   * @param {ParleyError} error
   */
  #finish(closing, error) {
    if (this.#state !== 'closed') {
      this.#enter('closed');
      this.#outbox.fail(error);
      this.#tellClosed(closing);
    }
  }

  /** @param {Closing} closing */
  #tellClosed({ code, name, reconnect }) {
    this.dispatchEvent(new ParleyCloseEvent({ code, reason: name, reconnect, retryAt: this.retryAt }));
  }

  #drop() {
    this.#line.drop();
    this.#interrupted();
  }

  /** Nothing is left of the connection there was. */
  #interrupted() {
    this.#credentials.stop();
    this.#outbox.interrupt();
    this.#channels.forEach(channel => channel.interrupted());
  }

  /** @param {WireRecord} record */
  #pushed(record) {
    if (record.error) {
      this.#tell(new ParleyError(record.error));
    } else if (record.channel !== undefined) {
      this.#channels.get(record.channel)?.pushed(record);
    }
  }

  /** @param {ParleyError} error */
  #tell(error) {
    this.dispatchEvent(new ParleyErrorEvent(error));
  }

  /** @param {Channel[]} channels */
  #subscribe(channels) {
    if (channels.length === 0) {
      return;
    }
    const starts = channels.map(channel => channel.start());
    this.#line.connection?.ask('subscribe', starts, {
      resolve: results => channels.forEach((channel, index) => channel.subscribed(results[index])),
      reject: error => {
        if (error.name !== 'connection-lost') {
          channels.forEach(channel => channel.subscribed({ error }));
        }
      },
    });
  }

  /** @param {Channel} channel */
  #subscribeAgain(channel) {
    if (this.#state === 'open' && this.#channels.get(channel.name) === channel && channel.state === 'joining') {
      this.#subscribe([channel]);
    }
  }

  /** @param {Channel} channel */
  #forget(channel) {
    if (this.#channels.get(channel.name) === channel) {
      this.#channels.delete(channel.name);
      this.#request('unsubscribe', { channel: channel.name }).catch(() => {});
    }
  }

  /**
   * @param {string} channel
   * @param {unknown} content
   * @param {PublishOptions} options
   */
  #publish(channel, content, { key = newKey(), ...options }) {
    return this.#state === 'closed'
      ? Promise.reject(ParleyError.closed())
      : this.#outbox.add(channel, content, { key, ...options });
  }

  /**
   * @param {string} command
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  #request(command, body) {
    return this.#state === 'open' && this.#line.connection
      ? this.#line.connection.request(command, body)
      : Promise.reject(ParleyError.connectionLost());
  }

  /** @param {ParleyState} state */
  #enter(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
}
