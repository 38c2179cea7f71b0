/**
 * RFC 6455 on bytes: reading and making frames, the handshake's rules, compression, and Tyrus's engine without its
 * reading.
 */
@NullMarked
package dev.parley.frames;

import org.jspecify.annotations.NullMarked;
