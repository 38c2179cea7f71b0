/**
 * Reads `text/event-stream` (HTML Living Standard, section 9.2.6) as it comes in, in parts that end anywhere.
 */
export class EventStream {
  #decoder = new TextDecoder();
  #rest = '';
  #type = '';
  /** @type {string[]} */
  #data = [];

  /**
   * @param {Uint8Array} bytes
   * @returns {{type: string, data: string}[]} the events that are whole
   */
  read(bytes) {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap(line => this.#line(line));
  }

  /** @param {string} line */
  #line(line) {
    if (line === '') {
      const event = { type: this.#type || 'message', data: this.#data.join('\n') };
      const whole = this.#data.length > 0;
      this.#type = '';
      this.#data = [];
      return whole ? [event] : [];
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') {
      this.#data.push(value);
    } else if (field === 'event') {
      this.#type = value;
    }
    return [];
  }
}
