/**
 * The {@code @ServerEndpoint} classes for echo and channels, their Encoders, Decoders and Configurator.
 */
@NullMarked
package dev.parley.websocket;

import org.jspecify.annotations.NullMarked;
