import { newKey, Parley } from '../client/parley.js';
import { TRANSPORTS } from './transports.js';
/** @import { Channel, ParleyOptions, TransportName } from '../client/parley.js' */

/**
 * What one transport has cost so far.
 *
 * @typedef {object} Cost
 * @property {TransportName} transport
 * @property {number} requests a WebSocket's handshake is one
 * @property {number} sent bytes; a page cannot see its request headers, so for each of them `REQUEST` is added
 * @property {number} received bytes, with response and frame headers
 * @property {number[]} delays of messages, from publishing to delivery, in milliseconds
 */

export const MESSAGES = 15;
const INTERVAL = 700;
const JITTER = 600;
/** For the last messages to arrive. */
const GRACE = 5_000;

/** The estimated size of request headers. */
const REQUEST = 420 + navigator.userAgent.length;
/** The same of the response to a WebSocket's handshake. */
const HANDSHAKE = 480;
const STATUS_LINE = 20;
const MASK = 4;

/**
 * Measures the transports side by side: the same messages are read by four clients, each with one transport. Nothing is
 * stored, since the channel's namespace is transient.
 */
export class TransportCosts {
  /** @type {Cost[]} */
  costs = names().map(transport => ({ transport, requests: 0, sent: 0, received: 0, delays: [] }));
  published = 0;

  #name = `typing.costs-${newKey().slice(0, 12)}`;
  #publisher;
  #changed;
  /** @type {Channel} */
  #channel;
  #clients;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Parley} publisher
   * @param {() => void} changed
   */
  constructor(publisher, changed) {
    this.#publisher = publisher;
    this.#changed = changed;
    this.#channel = publisher.channel(this.#name);
    this.#clients = this.costs.map(cost => this.#subscribe(cost));
    this.#timer = setTimeout(() => this.#publish(), INTERVAL);
  }

  get over() {
    return this.#timer === undefined;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#channel.close();
    // What closing the clients costs is not of the comparison.
    this.costs = this.costs.map(cost => ({ ...cost }));
    this.#clients.forEach(client => client.close());
    this.#changed();
  }

  /** @param {Cost} cost */
  #subscribe(cost) {
    const { secret } = this.#publisher;
    const client = new Parley('channels', { secret, transports: [cost.transport], ...counting(cost) });
    client.channel(this.#name).onmessage = ({ data }) => {
      cost.delays.push(performance.now() - data.sent);
      this.#changed();
    };
    return client;
  }

  #publish() {
    // At most once: without a connection there is one message less.
    this.#channel.tell({ sent: performance.now() }).catch(() => {});
    this.published++;
    this.#changed();
    const last = this.published === MESSAGES;
    const delay = last ? GRACE : INTERVAL + JITTER * Math.random();
    this.#timer = setTimeout(() => (last ? this.stop() : this.#publish()), delay);
  }
}

/** @param {number[]} numbers @returns {number | undefined} the one in the middle */
export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function names() {
  return /** @type {TransportName[]} */ (Object.keys(TRANSPORTS));
}

/**
 * Options that count what a client sends and receives.
 *
 * @param {Cost} cost
 * @returns {ParleyOptions}
 */
function counting(cost) {
  return { fetch: (url, request) => countedFetch(cost, url, request), WebSocket: countedWebSocket(cost) };
}

/**
 * @param {Cost} cost
 * @param {RequestInfo | URL} url
 * @param {RequestInit} [request]
 */
async function countedFetch(cost, url, request) {
  cost.requests++;
  const { pathname, search } = new URL(String(url));
  cost.sent += REQUEST + pathname.length + search.length + size(request?.body ?? '');
  const response = await fetch(url, request);
  const { status, headers } = response;
  cost.received += STATUS_LINE + [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  const counter = new TransformStream({
    transform(/** @type {Uint8Array} */ part, controller) {
      cost.received += part.byteLength;
      controller.enqueue(part);
    },
  });
  return new Response(response.body?.pipeThrough(counter) ?? null, { status, headers });
}

/**
 * @param {Cost} cost
 * @returns {typeof WebSocket}
 */
function countedWebSocket(cost) {
  return class extends WebSocket {
    /**
     * @param {string | URL} url
     * @param {string | string[]} [protocols]
     */
    constructor(url, protocols) {
      super(url, protocols);
      cost.requests++;
      cost.sent += REQUEST;
      cost.received += HANDSHAKE;
      this.addEventListener('message', ({ data }) => (cost.received += frame(data)));
    }

    /**
     * @override
     * @param {string | ArrayBufferLike | Blob | ArrayBufferView} data
     */
    send(data) {
      cost.sent += frame(data) + MASK;
      super.send(/** @type {any} */ (data));
    }
  };
}

/** The size of a frame (RFC 6455 section 5.2). @param {any} data */
function frame(data) {
  const length = size(data);
  return length + (length < 126 ? 2 : 4);
}

/** In bytes. @param {any} data */
function size(data) {
  return new Blob([data]).size;
}
