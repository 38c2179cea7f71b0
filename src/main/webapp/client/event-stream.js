/**
 * Reads a `text/event-stream` of Parley's as it comes in, in parts that end anywhere: lines end with a line feed, and
 * what an event's `data` holds is one line (HTML Living Standard, section 9.2.6, allows more).
 */
export class EventStream {
  #decoder = new TextDecoder();
  #rest = '';

  /**
   * @param {Uint8Array} bytes
   * @returns {{type: string, data: string}[]} the events that are whole
   */
  read(bytes) {
    const blocks = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(block => ({ type: field(block, 'event'), data: field(block, 'data') })).filter(({ data }) => data);
  }
}

/**
 * @param {string} block
 * @param {string} name
 */
function field(block, name) {
  const line = block.split('\n').find(one => one.startsWith(`${name}:`));
  return line ? line.slice(name.length + 1).trim() : '';
}
