/**
 * A place in a channel's log, as the server writes it: `epoch:offset`. This file alone looks inside.
 *
 * @typedef {string} Position
 */

/**
 * The epochs of a log, and the offset at which each ended: offsets go on from one to the next. `Infinity` is the present
 * one's; of an epoch that is missing nothing is known.
 *
 * @typedef {Record<string, number>} Lineage
 */

/**
 * Whether a position lies behind another one. Positions of two epochs cannot be compared without their lineage: all that
 * a log holds which was begun anew is new. What a log has forgotten lies before the next epoch.
 *
 * @param {Position} position
 * @param {Position | null} [reference] without one it is behind
 * @param {Lineage} [lineage]
 */
export function isAfter(position, reference, lineage = {}) {
  if (!reference) {
    return true;
  }
  const [epoch, offset] = split(position);
  const [otherEpoch, otherOffset] = split(reference);
  return epoch === otherEpoch
    ? offset > otherOffset
    : !(Math.min(offset, lineage[epoch]) <= Math.min(otherOffset, lineage[otherEpoch]));
}

/**
 * Whether the log has left this position's epoch before it.
 *
 * @param {Position} position
 * @param {Lineage} lineage
 */
export function isForgotten(position, lineage) {
  const [epoch, offset] = split(position);
  return offset > lineage[epoch];
}

/**
 * What is known once there is a message: when it is the first of its epoch, the epoch before ended right before it.
 *
 * @param {Lineage} lineage
 * @param {Position} position
 * @param {Position} previous
 * @returns {Lineage}
 */
export function continued(lineage, position, previous) {
  const [epoch, offset] = split(position);
  const [before] = split(previous);
  return epoch in lineage
    ? lineage
    : { ...lineage, [before]: Math.min(offset - 1, lineage[before]), [epoch]: Infinity };
}

/**
 * How many messages lie between two positions, both exclusive; `null` where that is not known.
 *
 * @param {Position} after
 * @param {Position} before
 * @param {Lineage} [lineage]
 * @returns {number | null}
 */
export function between(after, before, lineage = {}) {
  const [epoch, first] = split(after);
  const [otherEpoch, last] = split(before);
  const messages = (epoch === otherEpoch ? last - first : last - Math.min(first, lineage[epoch])) - 1;
  return messages >= 0 && (epoch === otherEpoch || otherEpoch in lineage) ? messages : null;
}

/**
 * The place so many messages further on in the log, whatever epoch that is in.
 *
 * @param {Position} position
 * @param {number} messages
 * @param {Lineage} lineage
 * @returns {Position}
 */
export function onward(position, messages, lineage) {
  const [epoch, offset] = split(position);
  const there = Math.min(offset, lineage[epoch] ?? Infinity) + messages;
  const [next] = Object.entries(lineage).filter(([, end]) => end >= there).sort(([, one], [, other]) => one - other);
  return `${next?.[0] ?? epoch}:${there}`;
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
 * Where a channel goes on behind what is lost or forgotten.
 *
 * @param {Record<string, any>} record of the wire
 * @returns {Position | undefined} undefined when nobody can tell
 */
export function behindGap({ lost, forgotten }) {
  return lost?.before ? moved(lost.before, -1) : forgotten?.after;
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
  const [epoch, offset] = position.split(':');
  return [epoch, Number(offset)];
}
