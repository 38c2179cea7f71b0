import { contextRoot, socketUrl } from './addresses.js';
import { Backoff } from './backoff.js';
import { Channel } from './channel.js';
import { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import { Emitter } from './emitter.js';
import { ParleyError } from './errors.js';
import { ParleyCloseEvent, ParleyErrorEvent, ParleyMessageEvent } from './events.js';
import { newKey } from './key.js';
import { listenToNetwork } from './network.js';
import { Outbox } from './outbox.js';
import { RetryTimer } from './retry-timer.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Closing, TransportFactory } from './connection.js' */
/** @import { TokenSource } from './credentials.js' */
/** @import { PublishOptions } from './outbox.js' */
/** @import { Position } from './position.js' */

export { Backoff } from './backoff.js';
export { Channel } from './channel.js';
export { ParleyError } from './errors.js';
export { LostEvent, MemberEvent, ParleyCloseEvent, ParleyErrorEvent, ParleyMessageEvent } from './events.js';
export { Message } from './message.js';
export { between, isAfter, isFirst, moved } from './position.js';

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
 * @property {TransportFactory} [transport] instead of a WebSocket
 */

/** A connection that lasted so long was a good one, and the next pause is short again. */
const GOOD = 5_000;
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
 * Events: `open` each time it is connected, `close` each time it is not any more, `message` of any channel, `error`,
 * `statechange`.
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
  /** @type {((event: Event) => void) | null} */
  onstatechange = null;

  #url;
  #base;
  #transport;
  #credentials;
  #user = /** @type {string | null} */ (null);
  /** @type {ParleyState} */
  #state = 'closed';
  /** @type {Connection | null} */
  #connection = null;
  /** @type {Map<string, Channel>} */
  #channels = new Map();
  #outbox;
  #timer;
  #deaf;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #good;

  /**
   * Begins to connect at once.
   *
   * @param {string | URL} url of the endpoint, relative to the page
   * @param {ParleyOptions} [options]
   */
  constructor(url, { name, secret, token, publishesUnderWay, backoff = new Backoff(), transport } = {}) {
    super(['open', 'message', 'close', 'error', 'statechange']);
    this.#url = socketUrl(url);
    this.#base = contextRoot(this.#url);
    this.#credentials = new Credentials({ name, secret, token }, error => this.#tell(error));
    this.#outbox = new Outbox(publishesUnderWay);
    this.#transport = transport;
    this.#timer = new RetryTimer(backoff, () => this.#connect());
    this.#deaf = listenToNetwork({ came: () => this.#doubt(true), went: () => this.#doubt(false) });
    this.#connect();
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

  /** When the next try is due, in milliseconds since 1970; null when none is. */
  get retryAt() {
    return this.#timer.at;
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
    channel.addEventListener('message', event => {
      this.dispatchEvent(new ParleyMessageEvent(/** @type {ParleyMessageEvent} */ (event).message));
    });
    this.#channels.set(name, channel);
    if (this.#state === 'open') {
      this.#subscribe([channel]);
    }
    return channel;
  }

  /** Tries at once, where a try is due later, and again where it had given up. */
  retry() {
    if (this.#state === 'closed') {
      this.#connect();
    } else {
      this.#timer.now();
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
      this.#connect();
    }
  }

  /** Ends it for good. What is not acknowledged by now fails. */
  close() {
    this.#deaf();
    this.#drop();
    this.#finish({ code: 1000, name: 'closed', reconnect: false }, ParleyError.closed());
  }

  /** @param {boolean} hope that a try would go well */
  #doubt(hope) {
    if (hope) {
      this.#timer.now();
    }
    this.#connection?.probe();
  }

  /** @returns {import('./channel.js').Home} */
  #home() {
    return {
      base: this.#base,
      request: (command, body) => this.#request(command, body),
      publish: (channel, content, options) => this.#publish(channel, content, options),
      subscribe: channel => setTimeout(() => this.#subscribeAgain(channel), RETRY_SUBSCRIBE),
      forget: channel => this.#forget(channel),
    };
  }

  #connect() {
    this.#timer.stop();
    this.#enter('connecting');
    this.#connection = new Connection(
      this.#url,
      {
        opened: () => this.#introduce(),
        pushed: record => this.#pushed(record),
        closed: closing => this.#closed(closing),
      },
      this.#transport,
    );
  }

  async #introduce() {
    const connection = this.#connection;
    if (!connection) {
      return;
    }
    try {
      const connected = await connection.request('connect', await this.#credentials.shown());
      if (connection === this.#connection) {
        this.#user = connected.user;
        this.#credentials.taken(connection, connected);
        this.#opened(connection);
      }
    } catch (error) {
      if (connection === this.#connection) {
        this.#unwelcome(/** @type {ParleyError} */ (error));
      }
    }
  }

  /** @param {Connection} connection */
  #opened(connection) {
    this.#good = setTimeout(() => this.#timer.reset(), GOOD);
    this.#enter('open');
    this.dispatchEvent(new Event('open'));
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
    if (closing.reconnect) {
      this.#timer.start();
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
    this.dispatchEvent(new ParleyCloseEvent({ code, reason: name, reconnect, retryAt: this.#timer.at }));
  }

  /** Nothing is left of the connection there was. */
  #drop() {
    clearTimeout(this.#good);
    this.#credentials.stop();
    this.#timer.stop();
    this.#outbox.interrupt();
    this.#connection?.close();
    this.#connection = null;
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
    this.#connection?.ask('subscribe', starts, {
      resolve: results => channels.forEach((channel, index) => channel.subscribed(results[index])),
      reject: error => {
        if (error.name !== 'connection-lost') {
          channels.forEach(channel => channel.subscribed({ error: wire(error) }));
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
    return this.#state === 'open' && this.#connection
      ? this.#connection.request(command, body)
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

/** @param {ParleyError} error */
function wire({ code, name, message, retry }) {
  return { code, name, message, retry };
}
