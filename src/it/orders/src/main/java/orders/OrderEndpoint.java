package orders;

import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.ParleyConfigurator;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;

/** A desk: whoever is there sees its orders, and places some. What is refused is told to who placed it. */
@ServerEndpoint(
        value = "/orders/{desk}",
        encoders = {OrderEncoder.class, RefusalEncoder.class},
        decoders = OrderDecoder.class,
        configurator = ParleyConfigurator.class)
public class OrderEndpoint {
    @Inject
    ChannelSessions sessions;

    @OnOpen
    public void open(Session session, @PathParam("desk") String desk) {
        sessions.join(session, "orders." + desk, Order.class);
    }

    /** What the rules refuse is told to the client by itself. */
    @OnMessage
    public void placed(Session session, Order order) {
        sessions.publish(session, order);
    }

    /** So is what the Decoder does not take. */
    @OnError
    public void failed(Session session, Throwable failure) {
        sessions.refuse(session, failure);
    }

    @OnClose
    public void close(Session session) {
        sessions.leave(session);
    }
}
