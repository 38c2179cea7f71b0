package orders;

import dev.parley.websocket.ChannelSessions;
import dev.parley.websocket.ParleyConfigurator;
import jakarta.inject.Inject;
import jakarta.websocket.EncodeException;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.concurrent.CompletionException;

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

    @OnMessage
    public void placed(Session session, Order order) {
        sessions.publish(session, order).whenComplete((position, failure) -> {
            if (failure != null) {
                refuse(session, failure);
            }
        });
    }

    private void refuse(Session session, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        try {
            sessions.reply(session, new Refusal(cause.getMessage()));
        } catch (EncodeException e) {
            throw new IllegalStateException(e);
        }
    }

    @OnClose
    public void close(Session session) {
        sessions.leave(session);
    }
}
