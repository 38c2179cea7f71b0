/** One small server a peer: what it is sent on {@code /publish} goes to all on {@code /room}; {@code /echo} gives it back. */
@org.jspecify.annotations.NullMarked
package dev.parley.benchmark.peer;
