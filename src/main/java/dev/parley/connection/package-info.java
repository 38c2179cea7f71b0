/**
 * A client's connection: commands in, batches out, the {@code Transport} port.
 */
@NullMarked
package dev.parley.connection;

import org.jspecify.annotations.NullMarked;
