/**
 * The {@code @ServerEndpoint} classes for echo and channels, and what joins a team's own endpoints, with their Encoders
 * and Decoders, to channels.
 */
@NullMarked
package dev.parley.websocket;

import org.jspecify.annotations.NullMarked;
