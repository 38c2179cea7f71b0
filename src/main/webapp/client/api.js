import { LOST, ParleyError } from './errors.js';
import { newKey } from './key.js';
import { SILENT } from './transport.js';

/** @typedef {{method?: string, headers?: Record<string, string>, body?: BodyInit, keepalive?: boolean}} Ask */

/**
 * The server's HTTP paths, and who asks: the same for each request of one client, so that it is one connection to the
 * server whichever of its transports asks.
 */
export class Api {
  #base;
  #part = newKey().slice(0, 12);
  /** What the server knows this client by: nobody else can guess it. */
  #connection = '';
  /** @type {string | undefined} */
  #name;
  /** @type {string | undefined} */
  #token;

  /** @param {URL} base the context root */
  constructor(base) {
    this.#base = new URL('api/', base);
  }

  /** Says who asks, from now on. @param {{name?: string, secret?: string, token?: string}} who */
  identify({ name, secret, token }) {
    this.#name = name;
    this.#token = token;
    if (secret) {
      this.#connection = `${secret}.${this.#part}`;
    }
  }

  /** @param {string} token a fresh one of the same user */
  renew(token) {
    this.#token = token;
  }

  /**
   * @param {string} path
   * @param {Ask & {signal?: AbortSignal}} [ask]
   * @returns {Promise<Response>} one that is the server's own, and no refusal
   * @throws {ParleyError} where it is one: the server's, or `connection-lost` with a status where a proxy answered
   * @throws {Error} the browser's own, where nobody did
   */
  async open(path, { headers, ...ask } = {}) {
    const response = await fetch(new URL(path, this.#base), {
      cache: 'no-store',
      credentials: 'include',
      headers: { ...this.#shown(), ...headers },
      ...ask,
    });
    this.#connection = response.headers.get('Parley-Connection') ?? this.#connection;
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {number} patience milliseconds
   * @param {Ask} [ask]
   * @returns {Promise<any>} the JSON of the answer
   * @throws {ParleyError} `connection-lost` where nobody answered, with the code `SILENT` where that took too long
   */
  async ask(path, signal, patience, ask) {
    const either = new AbortController();
    const abort = () => either.abort();
    const timer = setTimeout(() => either.abort(ParleyError.connectionLost(SILENT)), patience);
    signal.addEventListener('abort', abort);
    try {
      return await (await this.open(path, { ...ask, signal: either.signal })).json();
    } catch (error) {
      throw error instanceof ParleyError ? error : ParleyError.connectionLost();
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Is nowhere any more, at once. The page may be going away. */
  leave() {
    if (this.#connection) {
      this.open('connection', { method: 'DELETE', keepalive: true }).catch(() => {});
    }
  }

  /** @returns {Record<string, string>} */
  #shown() {
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
async function refusal(response) {
  const code = response.status;
  // What is no JSON is a proxy's own page.
  const { name = LOST, detail: message, retry = true } = await response.json().catch(() => ({}));
  const pause = 1_000 * (Number(response.headers.get('Retry-After')) || 0);
  return new ParleyError({ code, name, message, retry, pause });
}
