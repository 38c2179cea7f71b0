/**
 * The values of the protocol: immutable records for messages and their bodies, positions, commands, replies and pushes, and the
 * error and disconnect codes. This package is public: a team may import it, as may the users of the Java client, since its values
 * stand in the signatures of {@code dev.parley.api}, {@code dev.parley.endpoint}, {@code dev.parley.client} and {@code
 * dev.parley.testkit}. Every other package is Parley's own, and changes without notice.
 *
 * <p>A {@link Message} is of a {@link Member}, stands on a channel at a {@link Position}, and has a {@link Body}: JSON, bytes with a
 * media type, or the mention of what is too large to travel with it. It is one of the {@link Push}es that a reader is given, beside
 * joins, leaves, and what is lost; a {@link Start} says where a reader begins. What is refused is a {@link RefusedException}, with an
 * {@link ErrorCode} and a sentence for whoever asked; why a connection ends is a {@link DisconnectCode}. {@link Command} and {@link
 * Reply} are what a client asks and is answered. How all this is written on the wire is not said here.
 *
 * <pre>{@code
 * void placed(@Observes Message message) {
 *     if (message.body() instanceof Body.Json json && Names.namespace(message.channel()).equals("orders")) {
 *         channels.publish("board", Body.json("{ \"last\" : " + json.text() + " }"));
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.parley.protocol;

import org.jspecify.annotations.NullMarked;
