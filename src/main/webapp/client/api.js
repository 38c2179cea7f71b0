import { CONNECTION_LOST, ParleyError } from './errors.js';
import { newKey } from './key.js';
import { HEARTBEAT_TIMEOUT } from './transport.js';

/** @typedef {{method?: string, headers?: Record<string, string>, body?: BodyInit, keepalive?: boolean, cache?: RequestCache}} ApiRequest */

/**
 * The server's HTTP API. Each request of a client identifies it, so that all of its HTTP transports are one connection to
 * the server.
 */
export class Api {
  #fetch;
  #base;
  #instance = newKey().slice(0, 12);
  /** Identifies this client; unguessable. */
  #connection = '';
  /** @type {string | undefined} */
  #name;
  /** @type {string | undefined} */
  #token;

  /**
   * @param {URL} base the context root
   * @param {typeof globalThis.fetch} [fetch] instead of the browser's own
   */
  constructor(base, fetch) {
    this.#fetch = fetch;
    this.#base = new URL('api/', base);
  }

  /** From the next request on. @param {{name?: string, secret?: string, token?: string}} who */
  identify({ name, secret, token }) {
    this.#name = name;
    this.#token = token;
    if (secret && !this.#connection.startsWith(secret)) {
      this.#connection = `${secret}.${this.#instance}`;
    }
  }

  /** @param {string} token a fresh one of the same user */
  renew(token) {
    this.#token = token;
  }

  /**
   * @param {string} path
   * @param {ApiRequest & {signal?: AbortSignal}} [request]
   * @returns {Promise<Response>} with a status of success
   * @throws {ParleyError} of the server, or `connection-lost` with the status that a proxy answered
   * @throws {Error} the browser's own, where there was no response
   */
  async open(path, { headers, ...request } = {}) {
    const response = await (this.#fetch ?? fetch)(new URL(path, this.#base), {
      cache: 'no-store',
      credentials: 'include',
      headers: { ...this.#headers(), ...headers },
      ...request,
    });
    this.#connection = response.headers.get('Parley-Connection') ?? this.#connection;
    if (!response.ok) {
      throw await errorOf(response);
    }
    return response;
  }

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {number} timeout milliseconds
   * @param {ApiRequest} [request]
   * @returns {Promise<any>} the JSON of the response
   * @throws {ParleyError} `connection-lost` without a response, with the code `HEARTBEAT_TIMEOUT` after the timeout
   */
  ask(path, signal, timeout, request) {
    return this.#within(signal, timeout, async within => (await this.open(path, { ...request, signal: within })).json());
  }

  /**
   * @param {string} path of a message's bytes, as the wire has it: relative to the context root
   * @param {AbortSignal} signal
   * @param {number} timeout milliseconds
   * @returns {Promise<Uint8Array>}
   * @throws {ParleyError} as `ask` does
   */
  bytes(path, signal, timeout) {
    return this.#within(signal, timeout, async within =>
      new Uint8Array(await (await this.content(path, within)).arrayBuffer()));
  }

  /**
   * A message's bytes, which never change: a browser may have kept them.
   *
   * @param {string} path as the wire has it, or whole
   * @param {AbortSignal} [signal]
   */
  content(path, signal) {
    return this.open(new URL(path, new URL('..', this.#base)).href, { cache: 'default', signal });
  }

  /**
   * @template T
   * @param {AbortSignal} signal
   * @param {number} timeout milliseconds
   * @param {(signal: AbortSignal) => Promise<T>} request
   * @returns {Promise<T>}
   */
  async #within(signal, timeout, request) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(ParleyError.connectionLost(HEARTBEAT_TIMEOUT)), timeout);
    signal.addEventListener('abort', () => controller.abort(), { signal: controller.signal });
    try {
      signal.throwIfAborted(); // it tells nobody that it was
      return await request(controller.signal);
    } catch (error) {
      throw error instanceof ParleyError ? error : ParleyError.connectionLost();
    } finally {
      clearTimeout(timer);
      controller.abort();
    }
  }

  /** Ends the lease at once. The page may be unloading. */
  leave() {
    if (this.#connection) {
      this.open('connection', { method: 'DELETE', keepalive: true }).catch(() => {});
    }
  }

  /** @returns {Record<string, string>} */
  #headers() {
    return {
      ...(this.#connection && { 'Parley-Connection': this.#connection }),
      ...(this.#name && { 'Parley-Name': encodeURIComponent(this.#name) }),
      ...(this.#token && { Authorization: `Bearer ${this.#token}` }),
    };
  }
}

/**
 * @param {Response} response
 * @returns {Promise<ParleyError>}
 */
export async function errorOf(response) {
  const code = response.status;
  // Without JSON it is a proxy's own page.
  const { name = CONNECTION_LOST, detail: message, retry = true } = await response.json().catch(() => ({}));
  const pause = 1_000 * (Number(response.headers.get('Retry-After')) || 0);
  return new ParleyError({ code, name, message, retry, pause });
}
