/**
 * The JSON codec of {@code v1.parley}: commands, replies and pushes, read from the lines that they are on the wire, and written.
 */
@NullMarked
package dev.parley.wire;

import org.jspecify.annotations.NullMarked;
