/**
 * The port to durable logs (append, read after a position, trim), the writer and the trimmer.
 */
@NullMarked
package dev.parley.log;

import org.jspecify.annotations.NullMarked;
