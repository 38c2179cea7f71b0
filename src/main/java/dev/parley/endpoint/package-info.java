/**
 * What a WebSocket endpoint of a team's own uses. This package is public: a team may import it, as it may {@code
 * dev.parley.api} and {@code dev.parley.protocol}, which stand in its signatures. Every package but these, {@code
 * dev.parley.client} and {@code dev.parley.testkit} is Parley's own, and changes without notice.
 *
 * <p>The endpoint is one of Jakarta WebSocket 2.1, with its own Encoders and Decoders. {@link ParleyConfigurator} is its
 * configurator, by which {@link ChannelSessions} knows these, and who has sent the handshake; {@link ChannelSessions}, injected,
 * joins a session to a channel, publishes in the name of its user, and answers. An object that implements {@link Delivered} is
 * told where in the log it stands. {@link GuestsAllowed} lets guests in where nobody else does, and {@link NeverWaits} promises
 * that the endpoint's methods wait for nothing.
 *
 * <pre>{@code
 * @ServerEndpoint(value = "/orders/{desk}", encoders = OrderEncoder.class, decoders = OrderDecoder.class,
 *                 configurator = ParleyConfigurator.class)
 * public class OrderEndpoint {
 *     @Inject ChannelSessions sessions;
 *
 *     @OnOpen public void open(Session session, @PathParam("desk") String desk) {
 *         sessions.join(session, Start.history("orders." + desk, 50), Order.class);
 *     }
 *     @OnMessage public void placed(Session session, Order order) {
 *         sessions.publish(session, order);
 *     }
 *     @OnError public void failed(Session session, Throwable failure) {
 *         sessions.refuse(session, failure);
 *     }
 *     @OnClose public void close(Session session) {
 *         sessions.leave(session);
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.parley.endpoint;

import org.jspecify.annotations.NullMarked;
