/**
 * Composition: CDI producers, start and drain.
 */
@NullMarked
package dev.parley.server;

import org.jspecify.annotations.NullMarked;
