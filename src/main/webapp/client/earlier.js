import { CONNECTION_LOST } from './errors.js';
import { LostEvent } from './events.js';
import { between, isAfter, moved } from './position.js';
/** @import { Channel } from './channel.js' */
/** @import { Message } from './message.js' */
/** @import { Position } from './position.js' */

const BATCH = 50;

/**
 * What a channel has had already, for who comes later: so many of the newest messages, or all after a position, the oldest
 * first. It is read again from the beginning when the connection ends meanwhile.
 *
 * @param {Channel} channel
 * @param {{history?: number, after?: Position}} start
 * @returns {Promise<{lost: LostEvent | null, messages: Message[]}>} `lost`: what the log has no more of it
 * @throws {import('./errors.js').ParleyError} of the server
 */
export async function earlier(channel, start) {
  while (channel.state !== 'closed') {
    try {
      return await read(channel, start);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== CONNECTION_LOST) {
        throw error;
      }
      await subscribed(channel);
    }
  }
  return { lost: null, messages: [] };
}

/**
 * @param {Channel} channel
 * @param {{history?: number, after?: Position}} start
 */
async function read(channel, { history = 0, after }) {
  /** @type {Message[]} */
  const messages = [];
  const reached = () => (after ? messages[0] && !isAfter(messages[0].position, after, channel.lineage) : messages.length >= history);
  for (let more = true; more && !reached();) {
    const limit = after ? BATCH : Math.min(history - messages.length, BATCH);
    const batch = await channel.history({ before: messages[0]?.position, limit });
    messages.unshift(...batch.messages);
    more = batch.more && batch.messages.length > 0;
  }
  if (!after) {
    return { lost: null, messages };
  }
  const wanted = messages.filter(({ position }) => isAfter(position, after, channel.lineage));
  return { lost: reached() ? null : gap(channel, after, messages[0]?.position), messages: wanted };
}

/**
 * What lies between a position and the first message that the log still has.
 *
 * @param {Channel} channel
 * @param {Position} after
 * @param {Position} [first]
 */
function gap({ name, position, lineage }, after, first) {
  const before = first ?? (position && isAfter(position, after, lineage) ? moved(position, 1) : null);
  return before && between(after, before, lineage) !== 0 ? new LostEvent('lost', name, { after, before }) : null;
}

/** @param {Channel} channel that is subscribed, or closed, when it is done */
function subscribed(channel) {
  return new Promise(resolve => {
    channel.addEventListener('statechange', function changed() {
      if (channel.state !== 'waiting' && channel.state !== 'joining') {
        channel.removeEventListener('statechange', changed);
        resolve(undefined);
      }
    });
  });
}
