import { contextRoot, socketUrl } from '../client/addresses.js';
import { Api } from '../client/api.js';
import { httpTransport } from '../client/http-transport.js';
import { newKey } from '../client/key.js';
import { Parley } from '../client/parley.js';
import { socketTransport } from '../client/socket-transport.js';
import { TRANSPORTS } from './transports.js';
/** @import { Ask } from '../client/api.js' */
/** @import { Channel } from '../client/parley.js' */
/** @import { TransportFactory, TransportName } from '../client/transport.js' */

/**
 * What one transport has cost so far.
 *
 * @typedef {object} Cost
 * @property {TransportName} transport
 * @property {number} requests a WebSocket's handshake is one
 * @property {number} sent bytes; a page cannot see the heads of its requests, so for each of them `REQUEST` is taken
 * @property {number} received bytes, with the heads of answers and of frames
 * @property {number[]} delays of messages, from their publishing to their coming, in milliseconds
 */

export const MESSAGES = 15;
const PAUSE = 700;
const CHANCE = 600;
/** For the last ones to come. */
const REST = 5_000;

/** What a browser puts into the head of a request, about. */
const REQUEST = 420 + navigator.userAgent.length;
const HANDSHAKE = 480;
const ANSWER = 20;

/**
 * The same messages read over each transport at once, and what that costs. Nothing of it is stored: the channel is of a
 * namespace that lives in memory.
 */
export class Costs {
  /** @type {Cost[]} */
  costs = names().map(transport => ({ transport, requests: 0, sent: 0, received: 0, delays: [] }));
  published = 0;

  #name = `typing.costs-${newKey().slice(0, 12)}`;
  #home;
  #changed;
  /** @type {Channel} */
  #channel;
  #clients;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Parley} home that publishes
   * @param {() => void} changed
   */
  constructor(home, changed) {
    this.#home = home;
    this.#changed = changed;
    this.#channel = home.channel(this.#name);
    this.#clients = this.costs.map(cost => this.#read(cost));
    this.#timer = setTimeout(() => this.#publish(), PAUSE);
  }

  get over() {
    return this.#timer === undefined;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#channel.close();
    this.#clients.forEach(client => client.close());
    this.#changed();
  }

  /** @param {Cost} cost */
  #read(cost) {
    const { secret } = this.#home;
    const client = new Parley('channels', { secret, transport: counted(cost) });
    client.channel(this.#name).onmessage = ({ data }) => {
      cost.delays.push(performance.now() - data.sent);
      this.#changed();
    };
    return client;
  }

  #publish() {
    // One that is not stored is worth nothing later: where there is no connection now, there is one message less.
    this.#channel.tell({ sent: performance.now() }).catch(() => {});
    this.published++;
    this.#changed();
    const last = this.published === MESSAGES;
    const pause = last ? REST : PAUSE + CHANCE * Math.random();
    this.#timer = setTimeout(() => (last ? this.stop() : this.#publish()), pause);
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
 * @param {Cost} cost that all goes into
 * @returns {TransportFactory}
 */
function counted(cost) {
  if (cost.transport === 'websocket') {
    return countedSocket(cost);
  }
  const api = new CountedApi(contextRoot(socketUrl('channels')), cost);
  return (url, listener, terms) => httpTransport(cost.transport)(url, listener, { ...terms, api });
}

/**
 * @param {Cost} cost
 * @returns {TransportFactory}
 */
function countedSocket(cost) {
  return (url, listener, terms) => {
    cost.requests++;
    cost.sent += REQUEST;
    cost.received += HANDSHAKE;
    const told = {
      ...listener,
      received: (/** @type {object[]} */ records) => {
        cost.received += frame(records.map(record => JSON.stringify(record)).join('\n'));
        listener.received(records);
      },
    };
    const transport = socketTransport(url, told, terms);
    return {
      send(command, bytes) {
        cost.sent += frame(JSON.stringify(command)) + MASK;
        transport.send(command, bytes);
      },
      close: (code, reason) => transport.close(code, reason),
      get buffered() {
        return transport.buffered;
      },
    };
  };
}

const MASK = 4;

/** The size of a frame (RFC 6455 section 5.2). @param {string} text */
function frame(text) {
  const { size } = new Blob([text]);
  return size + (size < 126 ? 2 : 4);
}

/** Counts what goes through it. */
class CountedApi extends Api {
  #cost;

  /**
   * @param {URL} base
   * @param {Cost} cost
   */
  constructor(base, cost) {
    super(base);
    this.#cost = cost;
  }

  /**
   * @override
   * @param {string} path
   * @param {Ask & {signal?: AbortSignal}} [ask]
   */
  async open(path, ask) {
    const cost = this.#cost;
    cost.requests++;
    cost.sent += REQUEST + path.length + new Blob([/** @type {any} */ (ask?.body ?? '')]).size;
    const response = await super.open(path, ask);
    cost.received += ANSWER + [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
    const counter = new TransformStream({
      transform(/** @type {Uint8Array} */ part, controller) {
        cost.received += part.byteLength;
        controller.enqueue(part);
      },
    });
    const { status, headers } = response;
    return new Response(response.body?.pipeThrough(counter) ?? null, { status, headers });
  }
}
