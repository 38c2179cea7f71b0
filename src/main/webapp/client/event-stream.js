/**
 * Reads a `text/event-stream` of Parley's as it comes in, in parts that end anywhere: lines end with a line feed, and
 * what an event's `data` holds is one line (HTML Living Standard, section 9.2.6, allows more).
 *
 * @param {Response} response
 * @returns {AsyncGenerator<{type: string, data: string}[], void>} the events that are whole, with each part
 */
export async function* readEvents(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    yield blocks.map(block => ({ type: field(block, 'event'), data: field(block, 'data') })).filter(({ data }) => data);
  }
}

/**
 * @param {string} block
 * @param {string} name
 */
function field(block, name) {
  const line = block.split('\n').find(one => one.startsWith(`${name}:`)) ?? '';
  return line.slice(name.length + 1).trim();
}
