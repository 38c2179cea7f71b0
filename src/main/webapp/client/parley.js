// SPDX-License-Identifier: Apache-2.0
import { contextRoot, socketUrl } from './addresses.js';
import { Api } from './api.js';
import { Backoff } from './backoff.js';
import { Channel } from './channel.js';
import { Connector } from './connector.js';
import { Credentials } from './credentials.js';
import { StatefulEmitter } from './emitter.js';
import { CONNECTION_LOST, ParleyError } from './errors.js';
import {
  LostEvent, ParleyCloseEvent, ParleyErrorEvent, ParleyMessageEvent, RecoveredEvent, TransportEvent,
} from './events.js';
import { newKey } from './key.js';
import { watchNetwork } from './network.js';
import { Outbox } from './outbox.js';
import { Subscription } from './subscription.js';
/** @import { WireRecord } from './codec.js' */
/** @import { Connection, Disconnect } from './connection.js' */
/** @import { UnreadableEvent } from './events.js' */

export { Backoff } from './backoff.js';
export { Channel } from './channel.js';
export { ParleyError } from './errors.js';
export {
  LostEvent, MemberEvent, ParleyCloseEvent, ParleyErrorEvent, ParleyMessageEvent, RecoveredEvent, TransportEvent,
  UnreadableEvent,
} from './events.js';
export { newKey } from './key.js';
export { Message } from './message.js';
export { Presence } from './presence.js';
export { Subscription } from './subscription.js';

/** @typedef {import('./channel.js').ChannelState} ChannelState */
/** @typedef {import('./credentials.js').TokenSource} TokenSource */
/** @typedef {import('./debug-log.js').Log} Log */
/** @typedef {import('./message.js').Member} Member */
/** @typedef {import('./outbox.js').PublishOptions} PublishOptions */
/** @typedef {import('./position.js').Lineage} Lineage */
/** @typedef {import('./position.js').Position} Position */
/** @typedef {import('./transport.js').TransportFactory} TransportFactory */
/** @typedef {import('./transport.js').TransportName} TransportName */
/** @typedef {import('./upload-progress.js').Progress} Progress */

/**
 * `idle` before the first `connect`; `waiting` for the next retry; `closed` by the server's word, or by `close` for good.
 *
 * @typedef {'idle' | 'connecting' | 'open' | 'waiting' | 'closed'} ParleyState
 */

/**
 * @typedef {object} ParleyOptions
 * @property {string} [name] for display
 * @property {string} [secret] that makes a guest the same guest again; see `Parley.secret`
 * @property {TokenSource} [token] of a user who is no guest. A function is called for each connection, and again before
 *     the token expires; with a string the connection ends when it expires
 * @property {number} [publishesUnderWay] the most in flight, of each channel: 1 keeps the order even when the
 *     server refuses a message for a while; more are faster
 * @property {boolean} [autoConnect] false: it connects when `connect` is called
 * @property {Log} [log] takes a debug log: each state, and what goes over the wire, without tokens and secrets
 * @property {Backoff} [backoff] before reconnects
 * @property {TransportName[]} [transports] to choose from, by default all: the best that works is used
 * @property {TransportFactory} [transport] one of your own, instead of all of them
 * @property {typeof globalThis.fetch} [fetch] for the HTTP transports, instead of the browser's own: to add a header, to
 *     count or to log
 * @property {typeof globalThis.WebSocket} [WebSocket] the same for WebSocket
 */

const RESUBSCRIBE_DELAY = 1_000;
/** Channels that one command names; the server takes 512, and its reply is to be small too. */
const SUBSCRIBED_AT_ONCE = 128;
/** The close code of RFC 6455 section 7.4.1; the server says not to reconnect, as it would only be sent the same. */
const TOO_LARGE = 1009;

/**
 * The client: it stays connected to a Parley server by reconnecting and, over HTTP, by fallback transports.
 *
 * ```js
 * const parley = new Parley('channels', { name: 'Ann' });
 * const lobby = parley.channel('chat.lobby', { history: 50 });
 * lobby.onmessage = event => console.log(event.message.from.name, event.data.text);
 * const position = await lobby.publish({ text: 'hi' });
 * ```
 *
 * Events: `open` on each connect, `close` on each disconnect, `transport` when it has changed, `message`, `recovered`,
 * `lost` and `forgotten` of any channel, `error`, `statechange`.
 *
 * @extends {StatefulEmitter<ParleyState>}
 */
export class Parley extends StatefulEmitter {
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
  /** @type {((event: UnreadableEvent) => void) | null} */
  onunreadable = null;
  /** @type {((event: RecoveredEvent) => void) | null} */
  onrecovered = null;
  /** @type {((event: LostEvent) => void) | null} */
  onlost = null;
  /** @type {((event: LostEvent) => void) | null} */
  onforgotten = null;

  #base;
  #credentials;
  #user = /** @type {string | null} */ (null);
  /** @type {TransportName | null} */
  #transport = null;
  /** @type {Map<string, Channel>} */
  #channels = new Map();
  #outbox;
  #api;
  #connector;
  /** @type {(() => void) | undefined} */
  #unwatchNetwork;
  #isOver = false;

  /**
   * Connects at once, unless `autoConnect` is false.
   *
   * @param {string | URL} url of the endpoint, relative to the page
   * @param {ParleyOptions} [options]
   */
  constructor(url, { publishesUnderWay, autoConnect = true, backoff = new Backoff(), ...options } = {}) {
    super('idle');
    const endpoint = socketUrl(url);
    this.#base = contextRoot(endpoint);
    this.#credentials = new Credentials(options, {
      renewed: token => this.#api.renew(token),
      failed: error => this.#emitError(error),
    });
    this.#outbox = new Outbox(publishesUnderWay);
    const api = (this.#api = new Api(this.#base, options.fetch));
    this.#connector = new Connector({ ...options, url: endpoint, base: this.#base, api, backoff }, {
      connecting: () => this.enter('connecting'),
      handshake: connection => this.#introduce(connection),
      opened: (connection, connected) => this.#opened(connection, connected),
      cursors: () =>
        [...this.#channels.values()].flatMap(({ name: channel, position: after }) => (after ? [{ channel, after }] : [])),
      pushed: record => this.#pushed(record),
      interrupted: () => this.#interrupted(),
      rejected: error => this.#rejected(error),
      diagnosed: error => this.#emitError(error),
      closed: disconnect => this.#closed(disconnect),
    });
    if (options.log) {
      this.#log(options.log);
    }
    if (autoConnect) {
      this.connect();
    }
  }

  /**
   * Connects, where the options said not to by itself, or where the server has ended it. Otherwise it does nothing.
   *
   * @throws {ParleyError} `closed` after `close`
   */
  connect() {
    this.#assertUsable();
    if (this.state === 'idle' || this.state === 'closed') {
      this.#unwatchNetwork ??= watchNetwork({
        online: () => this.#connector.online(),
        resume: () => this.#networkChanged(true),
        offline: () => this.#networkChanged(false),
        pagehide: () => this.#connector.leave(),
      });
      this.#connector.connect();
    }
  }

  /** This client's user id; null before the first `open`. */
  get user() {
    return this.#user;
  }

  get name() {
    return this.#credentials.name;
  }

  /** Keep it, and hand it to the next `Parley`, to be the same guest again. Undefined for a user who is no guest. */
  get secret() {
    return this.#credentials.secret;
  }

  /** The current one, or the last; null before the first `open`. */
  get transport() {
    return this.#transport;
  }

  /** When the next retry is due, in milliseconds since 1970; null when none is. */
  get retryAt() {
    return this.#connector.retry.at;
  }

  /** How many published messages are not acknowledged yet. */
  get unacknowledged() {
    return this.#outbox.size;
  }

  /**
   * Subscribes to a channel, from now on or from `start`. A second call returns the same one, and its `close` ends it for
   * all: owners that do not know of each other use `subscribe`.
   *
   * @param {string} name
   * @param {{history?: number, after?: Position}} [start]
   * @throws {ParleyError} `closed` after `close`
   */
  channel(name, start) {
    const channel = this.#channels.get(name) ?? this.#newChannel(name, start);
    channel.kept = true;
    return channel;
  }

  /**
   * Subscribes to a channel for one owner, from now on or from `start`: the channel is shared, and ends with the last.
   *
   * @param {string} name
   * @param {{history?: number, after?: Position}} [start]
   * @throws {ParleyError} `closed` after `close`
   */
  subscribe(name, start) {
    const known = this.#channels.get(name);
    return known ? new Subscription(known, start) : new Subscription(this.#newChannel(name, start));
  }

  /** Reconnects at once instead of after the backoff, also where the server has ended it. After `close` it does nothing. */
  retry() {
    if (this.state !== 'closed') {
      this.#connector.retry.now();
    } else if (!this.#isOver) {
      this.connect();
    }
  }

  /**
   * Changes the display name. The name is part of the handshake, so it reconnects.
   *
   * @param {string | undefined} name
   */
  rename(name) {
    if (name === this.#credentials.name) {
      return;
    }
    this.#credentials.name = name;
    if (this.state === 'open' || this.state === 'connecting') {
      this.#disconnect();
      this.#connector.connect();
    }
  }

  /** Disconnects for good, and closes all channels. Publishes that are not acknowledged fail. */
  close() {
    this.#isOver = true;
    this.#unwatchNetwork?.();
    this.#connector.leave();
    this.#disconnect();
    this.#finish({ code: 1000, name: 'closed', reconnect: false }, ParleyError.closed());
    this.#channels.forEach(channel => channel.close());
  }

  /** @param {Log} log */
  async #log(log) {
    const module = await import('./debug-log.js').catch(() => null); // Without it `log` is told nothing, and all else works
    module?.logEvents(this, log);
  }

  #assertUsable() {
    if (this.#isOver) {
      throw ParleyError.closed();
    }
  }

  /**
   * Says who this client is, on this connection and in all requests from now on.
   *
   * @param {Connection} connection
   */
  async #introduce(connection) {
    const who = await this.#credentials.current();
    this.#api.identify(who);
    const connected = await connection.request('connect', who);
    this.#api.identify({ ...who, secret: connected.secret ?? who.secret });
    return connected;
  }

  /**
   * @param {string} name
   * @param {{history?: number, after?: Position}} [start]
   */
  #newChannel(name, start) {
    this.#assertUsable();
    const channel = new Channel(name, this.#context(), start);
    this.#channels.set(name, channel);
    if (this.state === 'open') {
      this.#subscribe([channel]);
    }
    return channel;
  }

  /** @param {boolean} online */
  #networkChanged(online) {
    if (online) {
      this.#connector.retry.now();
    }
    this.#connector.connection?.probe();
  }

  /** @returns {import('./channel.js').ChannelContext} */
  #context() {
    return {
      base: this.#base,
      api: this.#api,
      request: (command, body) => this.#request(command, body),
      publish: (channel, content, options) => this.#publish(channel, content, options),
      resubscribe: channel => setTimeout(() => this.#resubscribe(channel), RESUBSCRIBE_DELAY),
      unsubscribe: channel => this.#unsubscribe(channel),
      dispatchEvent: event => this.dispatchEvent(event),
    };
  }

  /**
   * @param {Connection} connection
   * @param {any} connected
   */
  #opened(connection, connected) {
    const before = this.#transport;
    const upgraded = this.state === 'open';
    this.#user = connected.user;
    this.#credentials.accepted(connection, connected);
    const transport = (this.#transport = /** @type {TransportName} */ (this.#connector.name));
    this.enter('open');
    if (transport !== before) {
      this.dispatchEvent(new TransportEvent(transport, before));
    }
    if (!upgraded) {
      this.dispatchEvent(new Event('open'));
    }
    this.#subscribe([...this.#channels.values()]);
    this.#outbox.resume(connection);
  }

  /** @param {ParleyError} error */
  #rejected(error) {
    this.#disconnect();
    this.#emitError(error);
    this.#disconnected({ code: error.code, name: error.name, reconnect: this.#credentials.canRetry(error) }, error);
  }

  /** @param {Disconnect} disconnect */
  #closed(disconnect) {
    const { code, name } = disconnect;
    const error = new ParleyError({ code, name, message: `The connection ended: ${name || code}.` });
    this.#disconnect();
    if (!disconnect.reconnect) {
      this.#emitError(error);
    }
    const failed = code === TOO_LARGE && this.#outbox.failLargest(error);
    this.#disconnected(failed ? { ...disconnect, reconnect: true } : disconnect, error);
  }

  /**
   * @param {Disconnect} disconnect
   * @param {ParleyError} error for pending publishes when it does not reconnect
   */
  #disconnected(disconnect, error) {
    const { reconnect, within } = disconnect;
    if (reconnect) {
      this.#connector.retry.start(within && within * 1_000 * Math.random());
      this.enter('waiting');
      this.#emitClose(disconnect);
    } else {
      this.#finish(disconnect, error);
    }
  }

  /**
   * @param {Disconnect} disconnect
   * @param {ParleyError} error
   */
  #finish(disconnect, error) {
    if (this.state !== 'closed') {
      this.enter('closed');
      this.#outbox.fail(error);
      this.#emitClose(disconnect);
    }
  }

  /** @param {Disconnect} disconnect */
  #emitClose(disconnect) {
    this.dispatchEvent(new ParleyCloseEvent(disconnect, this.retryAt));
  }

  #disconnect() {
    this.#connector.disconnect();
    this.#interrupted();
  }

  /** The connection was lost, or is replaced. */
  #interrupted() {
    this.#credentials.stop();
    this.#outbox.interrupt();
    this.#channels.forEach(channel => channel.interrupted());
  }

  /** @param {WireRecord} record */
  #pushed(record) {
    if (record.error) {
      this.#emitError(new ParleyError(record.error));
    } else {
      this.#channels.get(record.channel)?.pushed(record);
    }
  }

  /** @param {ParleyError} error */
  #emitError(error) {
    this.dispatchEvent(new ParleyErrorEvent(error));
  }

  /** @param {Channel[]} channels */
  #subscribe(channels) {
    if (channels.length === 0) {
      return;
    }
    const some = channels.slice(0, SUBSCRIBED_AT_ONCE);
    this.#connector.connection?.send('subscribe', some.map(channel => channel.start()), {
      resolve: results => some.forEach((channel, index) => channel.subscribed(results[index])),
      reject: error => {
        if (error.name !== CONNECTION_LOST) {
          some.forEach(channel => channel.subscribed({ error }));
        }
      },
    });
    this.#subscribe(channels.slice(SUBSCRIBED_AT_ONCE));
  }

  /** @param {Channel} channel */
  #resubscribe(channel) {
    if (this.state === 'open' && this.#channels.get(channel.name) === channel && channel.state === 'joining') {
      this.#subscribe([channel]);
    }
  }

  /** @param {Channel} channel */
  #unsubscribe(channel) {
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
    return this.state === 'closed'
      ? Promise.reject(ParleyError.closed())
      : this.#outbox.add(channel, content, { key, ...options });
  }

  /**
   * @param {string} command
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  #request(command, body) {
    return this.state === 'open' && this.#connector.connection
      ? this.#connector.connection.request(command, body)
      : Promise.reject(ParleyError.connectionLost());
  }

}
