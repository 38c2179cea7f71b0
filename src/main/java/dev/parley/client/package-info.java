/** A Java client on {@code jakarta.websocket}. */
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
