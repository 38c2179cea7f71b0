package dev.parley.websocket;

import dev.parley.endpoint.NeverWaits;
import dev.parley.endpoint.ParleyConfigurator;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends back every message, text as text and binary as binary, as echo.websocket.org did. */
@NeverWaits
@ServerEndpoint(value = "/echo", configurator = ParleyConfigurator.class)
public class EchoEndpoint {
    private static final System.Logger LOGGER = System.getLogger(EchoEndpoint.class.getName());

    @Inject
    WebSocketSessions sessions;

    private @Nullable EchoSession echo;

    @OnOpen
    public void open(Session session) {
        echo = sessions.echo(session).orElse(null);
    }

    @OnMessage
    public void text(String text) {
        if (echo != null) {
            echo.text(text);
        }
    }

    @OnMessage
    public void binary(ByteBuffer bytes) {
        if (echo != null) {
            echo.binary(bytes);
        }
    }

    @OnClose
    public void close() {
        if (echo != null) {
            echo.onClose();
            sessions.ended(echo);
        }
    }

    /** The container closes the session by itself where it must. */
    @OnError
    public void failed(Throwable cause) {
        LOGGER.log(System.Logger.Level.DEBUG, "An echo failed", cause);
    }
}
