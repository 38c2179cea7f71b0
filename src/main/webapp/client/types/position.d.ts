// SPDX-License-Identifier: Apache-2.0

/** A place in a channel's log, as the server writes it: `epoch:offset`. Compare positions only by these functions. */
export type Position = string;

/**
 * The epochs of a log, and the offset at which each ended: offsets go on from one to the next. `Infinity` is the present
 * one's; of an epoch that is missing nothing is known.
 */
export type Lineage = Record<string, number>;

/**
 * Whether a position lies behind another one. Positions of two epochs cannot be compared without their lineage: all that
 * a log holds which was begun anew is new.
 */
export function isAfter(position: Position, reference?: Position | null, lineage?: Lineage): boolean;

/** Whether the log has left this position's epoch before it. */
export function isForgotten(position: Position, lineage: Lineage): boolean;

/** How many messages lie between two positions, both exclusive; `null` where that is not known. */
export function between(after: Position, before: Position, lineage?: Lineage): number | null;

/** The place so many messages further on in the log, whatever epoch that is in. */
export function onward(position: Position, messages: number, lineage: Lineage): Position;

/** Whether nothing was ever before it. */
export function isFirst(position: Position): boolean;
