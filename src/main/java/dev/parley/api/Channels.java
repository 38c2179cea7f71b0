package dev.parley.api;

import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The channels, for an application's beans, which are bound by none of the limits of one client: publishes to them and
 * reads from them. Inject it.
 *
 * <pre>{@code
 * @Inject Channels channels;
 *
 * channels.publish("orders.london", Body.json("{\"placed\":42}")).thenAccept(position -> …);
 * }</pre>
 *
 * <p>Nothing here blocks. What is made to depend on a publish that is given back runs on threads for that, one after the
 * other; what depends on anything else must not block, since others wait for the thread. What fails does so with a {@link
 * RefusedException}, whose code says why; a policy or a filter that throws anything else is {@code internal}, and logged.
 * Thread-safe.
 */
public interface Channels {
    /**
     * Publishes in the name of the server, {@link Identity#SERVER}.
     *
     * @return the position, once the message is committed; fails as {@link #publish(Identity, String, Optional, Body)} does
     */
    CompletionStage<Position> publish(String channel, Body body);

    /**
     * Publishes in the name of a user; the policy, the limits and the namespace's filters are asked first.
     *
     * @param key with it the publish may be repeated: the same key of the same user stores one message; 1 to 200 printable
     *     characters
     * @return the position, once the message is committed. Fails with {@code invalid-name} (of the channel, the key or the
     *     media type), {@code malformed} (no JSON), {@code not-allowed} (by the policy), {@code too-large}, {@code
     *     unsupported-type}, {@code key-reused}, what a filter throws, and, where a later try may succeed, {@code
     *     unavailable}, {@code log-full} or {@code too-many-channels}
     */
    CompletionStage<Position> publish(Identity from, String channel, Optional<String> key, Body body);

    /**
     * Reads a channel within this process, in the name of the server, who is nowhere shown as present. The listener is
     * told everything that the channel's other readers are told, one after the other, until the following is closed. It
     * has threads of its own, shared with listeners of the same class alone: while it waits, only they do.
     *
     * @return the following, once it has begun; fails with {@code invalid-name}, {@code not-allowed}, {@code unavailable} or
     *     {@code too-many-channels}
     */
    CompletionStage<Following> follow(Start start, Consumer<Push> listener);

    /** Whether the policy lets this reader open, or keep, a cursor over the channel. */
    boolean maySubscribe(Identity reader, String channel);

    /** Whether the policy lets this reader see who is on the channel. */
    boolean maySeePresence(Identity reader, String channel);

    /**
     * Who is on a channel.
     *
     * @throws RefusedException {@code invalid-name}, or {@code not-allowed} where the reader may not see it
     */
    PresenceSnapshot presence(Identity reader, String channel);

    /**
     * The newest messages before a position, for who wants to look back without a cursor.
     *
     * @param before empty: the channel's newest
     * @param count at most so many messages
     * @param bytes at most so many bytes of JSON in all, but one message at least
     * @return the page; fails with {@code not-found} where the position is of another life of the log, and with {@code
     *     invalid-name}, {@code not-allowed} or {@code unavailable}
     */
    CompletionStage<HistoryPage> history(
            Identity reader, String channel, Optional<Position> before, int count, int bytes);

    /**
     * What a message says, as bytes: JSON in UTF-8, as {@code application/json}.
     *
     * @return the bytes, with their media type; empty when the message is there no more. Fails with {@code invalid-name},
     *     {@code not-allowed} or {@code unavailable}
     */
    CompletionStage<Optional<Body.Binary>> content(Identity reader, String channel, Position position);
}
