/**
 * Composition: CDI producers, start and drain; and what applications inject beside channels: revocations, publishing in
 * a transaction, events.
 */
@NullMarked
package dev.parley.server;

import org.jspecify.annotations.NullMarked;
