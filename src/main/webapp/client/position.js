/**
 * A place in a channel's log, as the server writes it: `epoch:offset`. This file alone looks inside.
 *
 * @typedef {string} Position
 */

/**
 * Whether a position lies behind another one. Positions of two epochs cannot be compared: the log was begun
 * anew, and all that it holds now is new.
 *
 * @param {Position} position
 * @param {Position | null} reference
 */
export function isAfter(position, reference) {
  if (reference === null || reference === undefined) {
    return true;
  }
  const [epoch, offset] = split(position);
  const [otherEpoch, otherOffset] = split(reference);
  return epoch !== otherEpoch || offset > otherOffset;
}

/**
 * How many messages lie between two positions of one epoch, both exclusive; `null` where that is not known.
 *
 * @param {Position} after
 * @param {Position} before
 * @returns {number | null}
 */
export function between(after, before) {
  const [epoch, first] = split(after);
  const [otherEpoch, last] = split(before);
  return epoch === otherEpoch && last > first ? last - first - 1 : null;
}

/**
 * The place so many messages further on, or back, in the same epoch.
 *
 * @param {Position} position
 * @param {number} messages
 * @returns {Position}
 */
export function moved(position, messages) {
  const [epoch, offset] = split(position);
  return `${epoch}:${Math.max(offset + messages, 0)}`;
}

/**
 * Whether nothing was ever before it.
 *
 * @param {Position} position
 */
export function isFirst(position) {
  return split(position)[1] <= 1;
}

/**
 * @param {Position} position
 * @returns {[string, number]}
 */
function split(position) {
  const colon = position.indexOf(':');
  return [position.slice(0, colon), Number(position.slice(colon + 1))];
}
