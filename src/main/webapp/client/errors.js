/** The name of the error of a command whose connection was lost before the reply. */
export const CONNECTION_LOST = 'connection-lost';

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
    /** Milliseconds to wait before a retry, as the server asks. */
    this.pause = pause;
  }

  /** The connection was lost before the reply; the command may have been executed. */
  static connectionLost(code = 0) {
    return new ParleyError({ code, name: CONNECTION_LOST, message: 'The connection ended.', retry: true });
  }

  /**
   * There should be a token, and none could be fetched.
   *
   * @param {unknown} cause
   */
  static noToken(cause) {
    const error = new ParleyError({ name: 'no-token', message: 'No token could be had.', retry: true });
    error.cause = cause;
    return error;
  }

  /** After `Parley.close`. */
  static closed() {
    return new ParleyError({ name: 'closed', message: 'It was closed.' });
  }
}
