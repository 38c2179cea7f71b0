/**
 * A Java client on {@code jakarta.websocket}, the artifact {@code parley-client}. This package is public: a team may import it, and
 * {@link dev.parley.protocol}, whose values it takes and gives; what else is in the artifact is Parley's own, and changes without
 * notice.
 *
 * <p>A {@link ParleyClient} is made of {@link ClientOptions}, which say where to and as whom ({@link TokenSource}), with {@link
 * ClientTimes}, {@link ClientLimits} and, behind one, an {@link HttpProxy}. A {@link ChannelListener} is told what a channel says, a
 * {@link StateListener} how the connection is. {@link Data} makes bodies of JSON, texts and bytes, and these of messages.
 *
 * <pre>{@code
 * try (ParleyClient client = new ParleyClient(ClientOptions.to(URI.create("ws://127.0.0.1:8080/channels")).named("Ann"))) {
 *     client.subscribe(Start.history("chat.lobby", 50), message -> System.out.println(Data.object(message)));
 *     client.publish("chat.lobby", Data.ofJson("{\"text\":\"hi\"}")).thenAccept(position -> System.out.println(position));
 * }
 * }</pre>
 */
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
