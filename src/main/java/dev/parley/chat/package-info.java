/**
 * A chat room: the worked example of a team's own endpoint with its own Encoders and Decoders on top of channels.
 */
@NullMarked
package dev.parley.chat;

import org.jspecify.annotations.NullMarked;
