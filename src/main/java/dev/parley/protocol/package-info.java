/**
 * The wire: immutable records for commands, replies, pushes, messages and positions, the error and disconnect codes,
 * and their JSON codec.
 */
@NullMarked
package dev.parley.protocol;

import org.jspecify.annotations.NullMarked;
