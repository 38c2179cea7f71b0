package dev.parley.websocket;

import dev.parley.endpoint.GuestsAllowed;
import dev.parley.endpoint.ParleyConfigurator;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Any number of channels over one WebSocket: the sub-protocol {@value SUB_PROTOCOL}. One instance a session.
 *
 * <p>What comes in has no Decoder: its size is looked at before it is read, and the client is told what is wrong with which
 * line, where containers differ in what they do with a failed one. What goes out has no Encoder: it is encoded once for all
 * sessions by {@link dev.parley.connection.WireRepresentation}, where a container would call an Encoder once for each.
 */
@GuestsAllowed // who has shown nothing yet may do so in the first command
@ServerEndpoint(
        value = "/channels",
        subprotocols = ChannelEndpoint.SUB_PROTOCOL,
        configurator = ParleyConfigurator.class)
public class ChannelEndpoint {
    public static final String SUB_PROTOCOL = "v1.parley";

    private static final System.Logger LOGGER = System.getLogger(ChannelEndpoint.class.getName());

    @Inject
    WebSocketSessions sessions;

    private @Nullable WireSession wireSession;

    @OnOpen
    public void open(Session session) {
        wireSession = sessions.openWire(session, SUB_PROTOCOL).orElse(null);
    }

    @OnMessage(maxMessageSize = WebSocketSessions.MOST)
    public void commands(String text) {
        if (wireSession != null) {
            wireSession.received(text);
        }
    }

    @OnMessage(maxMessageSize = WebSocketSessions.MOST)
    public void publish(ByteBuffer bytes) {
        if (wireSession != null) {
            wireSession.received(bytes);
        }
    }

    @OnMessage
    public void pong(PongMessage pong) {
        if (wireSession != null) {
            wireSession.heard();
        }
    }

    @OnClose
    public void close() {
        if (wireSession != null) {
            wireSession.onClose();
        }
    }

    /** The container closes the session after this; what it was is told to {@link #close}. */
    @OnError
    public void error(Throwable failure) {
        LOGGER.log(System.Logger.Level.DEBUG, "A session failed", failure);
    }
}
