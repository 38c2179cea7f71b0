import { Backoff } from './backoff.js';
import { Connection } from './connection.js';
import { RetryTimer } from './retry-timer.js';
import { onDemand } from './transport.js';
import { STABLE_AFTER, TransportFallback, TRANSPORTS } from './transport-fallback.js';
import { webSocketTransport } from './websocket-transport.js';
/** @import { Api } from './api.js' */
/** @import { WireRecord } from './codec.js' */
/** @import { Disconnect } from './connection.js' */
/** @import { Log } from './debug-log.js' */
/** @import { ParleyError } from './errors.js' */
/** @import { RequestSlots } from './request-slots.js' */
/** @import { CloseDetails } from './transport-fallback.js' */
/** @import { TransportFactory, TransportName } from './transport.js' */

/**
 * @typedef {object} ConnectorOptions
 * @property {URL} url of the WebSocket
 * @property {URL} base the context root
 * @property {Api} api
 * @property {Backoff} backoff
 * @property {TransportName[]} [transports]
 * @property {TransportFactory} [transport] instead of all of them
 * @property {typeof globalThis.WebSocket} [WebSocket] instead of the browser's own
 * @property {Log} [log]
 */

/**
 * @typedef {object} ConnectorListener
 * @property {() => void} connecting
 * @property {(connection: Connection) => Promise<any>} handshake sends `connect`; the promise has the reply
 * @property {(connection: Connection, connected: any) => void} opened replaces the current connection, if there is one
 * @property {() => any[]} cursors that an upgrade must be able to read on from, before it is taken
 * @property {(record: WireRecord) => void} pushed
 * @property {() => void} interrupted nothing is left of the connection there was
 * @property {(error: ParleyError) => void} rejected the handshake
 * @property {(error: ParleyError) => void} diagnosed why nothing opens, though a server answers
 * @property {(disconnect: Disconnect) => void} closed
 */

/**
 * A connection and its transport.
 *
 * @typedef {object} Candidate
 * @property {TransportName} name
 * @property {Connection} connection
 * @property {boolean} open
 * @property {number} held requests by the server, all the time
 * @property {() => void} settled of an upgrade: it was taken or abandoned
 */

const FIRST_UPGRADE_DELAY = 20_000;
const MAX_UPGRADE_DELAY = 10 * 60_000;
const NETWORK_UPGRADE_DELAY = 1_000;
/** So many connections in a row that did not open, and it is asked why: not while a server starts again. */
const FAILURES_TO_DIAGNOSE = 2;

/**
 * Keeps one connection open: reconnects with backoff when it ends, falls back to the next transport where one does not
 * get through, and upgrades again. An upgrade is probed beside the current connection, so that nothing stops meanwhile.
 */
export class Connector {
  #options;
  #listener;
  #fallback;
  /** @type {RequestSlots | undefined} */
  #slots;
  /** Connections in a row that did not open, over no transport. */
  #failures = 0;
  /** Of the next reconnect. @type {RetryTimer} */
  retry;
  /** Grows with each attempt, whatever came of it. */
  #upgradeBackoff = new Backoff({ first: FIRST_UPGRADE_DELAY, longest: MAX_UPGRADE_DELAY });
  #upgradeDelay = this.#upgradeBackoff.next();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #upgradeTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stableTimer;
  /** @type {Candidate | null} */
  #current = null;
  /** The one that is probed. @type {Candidate | null} */
  #upgrade = null;

  /**
   * @param {ConnectorOptions} options
   * @param {ConnectorListener} listener
   */
  constructor(options, listener) {
    this.#options = options;
    this.#listener = listener;
    this.#fallback = new TransportFallback(options.transport ? ['websocket'] : usable(options), options.url.host);
    this.retry = new RetryTimer(options.backoff, () => this.connect());
  }

  /** The current one, even before it is open. */
  get connection() {
    return this.#current?.connection ?? null;
  }

  /** The current transport, once it is open. */
  get name() {
    return this.#current?.open ? this.#current.name : null;
  }

  connect() {
    this.retry.stop();
    this.#listener.connecting();
    this.#current = this.#open(this.#fallback.name, () => {});
  }

  /** On another network a better transport may get through. */
  online() {
    this.#upgradeBackoff.reset();
    this.#scheduleUpgrade(NETWORK_UPGRADE_DELAY);
  }

  /** Closes what there is, without calling the listener. */
  disconnect() {
    clearTimeout(this.#stableTimer);
    clearTimeout(this.#upgradeTimer);
    this.retry.stop();
    this.#slots?.release();
    const current = this.#current;
    this.#current = null;
    current?.connection.close();
    this.#abandon(this.#upgrade);
  }

  /** The page is unloading: over HTTP the server would not notice before the lease expires. */
  leave() {
    if (this.name && this.name !== 'websocket') {
      this.#options.api.leave();
    }
  }

  /**
   * @param {TransportName} name
   * @param {() => void} settled
   */
  #open(name, settled) {
    const { url, api, transport, WebSocket, log } = this.#options;
    const { quiet, patience } = this.#fallback;
    const plain = transport ?? (name === 'websocket' ? webSocketTransport : onDemand(async () => (await overHttp()).httpTransport(name)));
    const factory = log
      ? onDemand(() => import('./debug-log.js').then(({ logged }) => logged(plain, name, log), () => plain))
      : plain;
    const listener = {
      opened: () => void this.#handshake(candidate),
      pushed: (/** @type {WireRecord} */ record) => candidate === this.#current && this.#listener.pushed(record),
      closed: (/** @type {Disconnect} */ disconnect, /** @type {CloseDetails} */ details) =>
        this.#closed(candidate, disconnect, details),
    };
    const hold = (/** @type {number} */ requests) => {
      candidate.held = requests;
      this.#hold(candidate);
    };
    const connection = new Connection(url, listener, factory, { quiet, patience, api, WebSocket, hold });
    /** @type {Candidate} */
    const candidate = { name, connection, open: false, held: 1, settled };
    return candidate;
  }

  /** @param {Candidate} candidate */
  async #handshake(candidate) {
    try {
      const connected = await this.#listener.handshake(candidate.connection);
      if (candidate === this.#upgrade) {
        await this.#verify(candidate);
      }
      this.#opened(candidate, connected);
    } catch (error) {
      if (candidate === this.#current) {
        this.#listener.rejected(/** @type {ParleyError} */ (error));
      } else {
        this.#abandon(candidate);
      }
    }
  }

  /**
   * Only after a while of real use does it show whether an upgrade is stable.
   *
   * @param {Candidate} candidate
   */
  async #verify(candidate) {
    const cursors = this.#listener.cursors();
    if (candidate.name !== 'websocket' && cursors.length > 0) {
      await candidate.connection.request('subscribe', cursors);
    }
    if (candidate.name !== 'polling') {
      await new Promise(resolve => setTimeout(resolve, STABLE_AFTER));
    }
  }

  /**
   * It is open, and an upgrade is the current one from now on.
   *
   * @param {Candidate} candidate
   * @param {any} connected
   */
  #opened(candidate, connected) {
    if (candidate === this.#upgrade) {
      const before = this.#current;
      this.#upgrade = null;
      this.#current = candidate;
      this.#listener.interrupted();
      before?.connection.close();
    }
    if (candidate === this.#current) {
      candidate.open = true;
      this.#failures = 0;
      this.#fallback.opened(candidate.name);
      this.#watch(candidate);
      this.#listener.opened(candidate.connection, connected);
      candidate.settled();
      this.#scheduleUpgrade();
    }
  }

  /** @param {Candidate} candidate */
  #watch(candidate) {
    clearTimeout(this.#stableTimer);
    this.#stableTimer = setTimeout(() => {
      this.#options.backoff.reset();
      this.#fallback.stable();
      if (this.#fallback.simpler.length > 0) {
        loadWhatAnOutageNeeds();
      }
    }, STABLE_AFTER);
    if (holdsRequest(candidate.name)) {
      this.#hold(candidate);
    } else {
      this.#slots?.release();
    }
  }

  /** One request too many blocks all requests of all windows. @param {Candidate} candidate */
  async #hold(candidate) {
    if (candidate.open && !(await this.#acquire(candidate.held)) && candidate === this.#current) {
      this.#moveTo(this.#fallback.simpler.slice(-1));
    }
  }

  /** @param {number} [requests] */
  async #acquire(requests) {
    const { RequestSlots } = await requestSlots();
    this.#slots ??= new RequestSlots(this.#options.base.href);
    const free = await this.#slots.acquire(requests);
    if (!this.#current) {
      this.#slots.release();
    }
    return free;
  }

  /**
   * @param {Candidate} candidate
   * @param {Disconnect} disconnect
   * @param {CloseDetails} details
   */
  #closed(candidate, disconnect, details) {
    if (candidate !== this.#current) {
      this.#abandon(candidate);
    } else if (!details.byServer && !candidate.open && this.#fallback.failed()) {
      this.connect();
    } else {
      if (!candidate.open && !details.byServer && ++this.#failures === FAILURES_TO_DIAGNOSE) {
        this.#diagnose();
      }
      const fellBack = !details.byServer && candidate.open && this.#fallback.ended(details);
      this.#listener.closed(fellBack ? { ...disconnect, within: 0 } : disconnect);
    }
  }

  async #diagnose() {
    const error = await diagnosis().then(({ diagnose }) => diagnose(this.#options), () => null);
    if (error && this.#failures > 0) {
      this.#listener.diagnosed(error);
    }
  }

  #scheduleUpgrade(delay = this.#upgradeDelay) {
    clearTimeout(this.#upgradeTimer);
    if (this.#current && this.#fallback.better.length > 0) {
      this.#upgradeTimer = setTimeout(() => this.#moveTo(this.#fallback.better), delay);
    }
  }

  /**
   * Changes to the first of these transports that works.
   *
   * @param {TransportName[]} names
   */
  async #moveTo(names) {
    const from = this.#current;
    this.#upgradeDelay = this.#upgradeBackoff.next();
    for (const name of names) {
      // Even a probe holds one more request.
      const free = !holdsRequest(name) || holdsRequest(from?.name) || (await this.#acquire());
      if (free && !this.#upgrade && from?.open && from === this.#current) {
        await new Promise(settled => (this.#upgrade = this.#open(name, () => settled(undefined))));
      }
      if (!holdsRequest(this.#current?.name)) {
        this.#slots?.release();
      }
    }
    if (from === this.#current) {
      this.#scheduleUpgrade();
    }
  }

  /** @param {Candidate | null} candidate */
  #abandon(candidate) {
    if (candidate && candidate === this.#upgrade) {
      this.#upgrade = null;
      candidate.connection.close();
      candidate.settled();
    }
  }
}

const requestSlots = () => import('./request-slots.js');
const diagnosis = () => import('./diagnosis.js');

/** With what it needs at once: where the first could be loaded, the second could too. */
async function overHttp() {
  const [transport] = await Promise.all([import('./http-transport.js'), requestSlots()]);
  return transport;
}

/** While there is a server to load it from; and a browser may remember all its life that a module could not be had. */
function loadWhatAnOutageNeeds() {
  Promise.all([overHttp(), diagnosis()]).catch(() => {});
}

/**
 * The transports that there can be: a WebSocket where the platform has one, and the others beside an endpoint that stands
 * where the server has it. Any other path is one that a proxy made up, or a mistake, and the API right beside it would
 * open all the same.
 *
 * @param {ConnectorOptions} options
 * @returns {TransportName[]}
 */
function usable({ url, transports = TRANSPORTS, WebSocket = globalThis.WebSocket }) {
  const asked = TRANSPORTS.filter(name => transports.includes(name));
  if (asked.length === 0) {
    throw new TypeError(`None of the transports [${transports}] is one of [${TRANSPORTS}].`);
  }
  const names = asked.filter(name => (name === 'websocket' ? WebSocket : url.pathname.endsWith('/channels')));
  if (names.length === 0) {
    throw new TypeError(`None of the transports [${asked}] can be had: ${
      WebSocket ? `over HTTP the path ends in /channels, and that of ${url} does not` : 'there is no WebSocket here'}.`);
  }
  return names;
}

/** Whether one of its requests is always held open by the server. @param {TransportName} [name] */
function holdsRequest(name) {
  return name === 'sse' || name === 'long-polling';
}
