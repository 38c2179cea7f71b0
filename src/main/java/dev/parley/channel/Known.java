package dev.parley.channel;

import dev.parley.log.Head;

/**
 * Where a channel begins and ends, as one look sees it, in the log or in memory.
 *
 * @param branch what the log was taken for then
 */
record Known(Head head, Branch branch) {}
