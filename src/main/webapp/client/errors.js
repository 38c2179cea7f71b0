/** The name of the error that a connection's end is to who waited for an answer. */
export const LOST = 'connection-lost';

/**
 * What the server refused, or why a connection ended: `code` and `name` are the wire's.
 *
 * `name` is what other errors have their class's name in; so `error.name === 'not-allowed'` tells them apart as
 * `error.name === 'AbortError'` does elsewhere.
 */
export class ParleyError extends Error {
  /**
   * @param {{code?: number, name?: string, message?: string, retry?: boolean, pause?: number}} wire
   */
  constructor({ code = 0, name = 'unknown', message = '', retry = false, pause = 0 }) {
    super(message || name);
    this.name = name;
    this.code = code;
    this.retry = retry;
    /** Milliseconds that the server asks to wait before another try. */
    this.pause = pause;
  }

  /** The connection ended before the answer came; what was asked may have been done. */
  static connectionLost(code = 0) {
    return new ParleyError({ code, name: LOST, message: 'The connection ended.', retry: true });
  }

  /**
   * There should be a token, and none could be had.
   *
   * @param {unknown} cause
   */
  static noToken(cause) {
    const error = new ParleyError({ name: 'no-token', message: 'No token could be had.', retry: true });
    error.cause = cause;
    return error;
  }

  /** Nothing more will be tried, since the caller said so. */
  static closed() {
    return new ParleyError({ name: 'closed', message: 'It was closed.' });
  }
}
