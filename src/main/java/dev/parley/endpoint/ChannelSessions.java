package dev.parley.endpoint;

import dev.parley.api.Identity;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Session;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Joins the sessions of any endpoint to channels. Inject it into an endpoint whose configurator is
 * {@link ParleyConfigurator}:
 *
 * <pre>{@code
 * @Inject ChannelSessions sessions;
 *
 * @OnOpen public void open(Session session, @PathParam("desk") String desk) {
 *     sessions.join(session, Start.history("orders." + desk, 50), Order.class);
 * }
 * @OnMessage public void placed(Session session, Order order) {
 *     sessions.publish(session, order);
 * }
 * @OnError public void failed(Session session, Throwable failure) {
 *     sessions.refuse(session, failure);
 * }
 * @OnClose public void close(Session session) {
 *     sessions.leave(session);
 * }
 * }</pre>
 *
 * <p>A joined session has a cursor: history, back-pressure, order. What it is sent is written by the endpoint's own
 * Encoders, once for all of its sessions, on threads of the endpoint's own, where they may wait; so is what is made to depend
 * on a join or a publish, in the session's order. Thread-safe and non-blocking. A session of an endpoint with another
 * configurator cannot join: {@link IllegalStateException}.
 */
public interface ChannelSessions {
    /**
     * For {@code @OnMessage(maxMessageSize)}, in bytes: the most that a container is told to take as one message. The limit in
     * the settings, {@code parley.limits.message-size}, is looked at by Parley.
     */
    int MOST = 16 * 1024 * 1024;

    /** A cursor from now on; see {@link #join(Session, Start, Class)}. */
    <T> CompletionStage<Position> join(Session session, String channel, Class<T> type);

    /**
     * A cursor whose JSON messages become objects by the endpoint's Decoder (and {@link Delivered}, where the class is
     * that) and leave by its Encoder. A session joins one channel.
     *
     * @return where the cursor begins; fails with a {@link RefusedException}, and then the session is closed: {@code
     *     invalid-name}, {@code not-allowed}, what the caller's credentials are refused with, or, where a later try may succeed,
     *     {@code unavailable} or {@code too-many-channels}. Where the session has joined before it fails with {@code
     *     already-subscribed}, and all stays as it is
     */
    <T> CompletionStage<Position> join(Session session, Start start, Class<T> type);

    /**
     * A cursor whose pushes (joins, leaves and what is lost among them) become objects as the endpoint says.
     *
     * @param mapping must say the same for every session of the endpoint and class; empty: it is not shown
     * @return as {@link #join(Session, Start, Class)}
     */
    <T> CompletionStage<Position> join(
            Session session, Start start, Class<T> type, Function<Push, Optional<T>> mapping);

    /**
     * Publishes the object, as its Encoder writes it, to the session's channel in the name of its user. A refusal is told
     * to the client, as {@link #refuse} does.
     */
    void publish(Session session, Object object);

    /**
     * Publishes to the session's channel in the name of its user. A refusal is told to the client, as {@link #refuse} does.
     *
     * @param key with it the publish may be repeated
     */
    void publish(Session session, Optional<String> key, Body body);

    /**
     * Publishes the object as {@link #publish(Session, Object)} does, and tells the client nothing: that is for who looks at
     * the stage.
     *
     * @return at which position it is committed; fails with a {@link RefusedException}, or an {@link EncodeException}
     */
    CompletionStage<Position> tryPublish(Session session, Object object);

    /**
     * Publishes as {@link #publish(Session, Optional, Body)} does, and tells the client nothing: that is for who looks at
     * the stage.
     *
     * @return at which position it is committed; fails with a {@link RefusedException}: {@code not-subscribed} where the
     *     session has joined no channel, {@code too-many-publishes}, or as {@link dev.parley.api.Channels#publish} does
     */
    CompletionStage<Position> tryPublish(Session session, Optional<String> key, Body body);

    /**
     * Sends an object to this session alone, in its turn, before channel data; to one that has joined no channel, nothing.
     *
     * @throws EncodeException when the endpoint has no Encoder for the object, or that one throws it
     */
    void reply(Session session, Object object) throws EncodeException;

    /**
     * Tells this session alone that something of it is refused, in its turn, before channel data: as the endpoint's Encoder
     * for {@link RefusedException} writes it, or else as the wire has it without an {@code id}, {@code
     * {"error":{"code":422,"name":"rejected","message":"…","retry":false}}}. What its Decoder threw is {@code malformed}, with
     * the Decoder's sentence; of any other failure than these the client is told {@code internal}, and the log the rest. A
     * session that has joined no channel is closed instead. For {@code @OnError}, and for who looks at the stage of a {@link
     * #tryPublish}.
     */
    void refuse(Session session, Throwable failure);

    /** The client has said something; call it for pongs. */
    void heard(Session session);

    /** Who the session's user is; empty before it has joined. */
    Optional<Identity> identity(Session session);

    /** Ends the session's cursor; call it when the session closes. */
    void leave(Session session);
}
