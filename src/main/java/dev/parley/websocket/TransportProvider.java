package dev.parley.websocket;

import dev.parley.connection.Transport;
import jakarta.websocket.Session;

/**
 * A bean that knows a better transport for its container's sessions than {@link WebSocketTransport}, which does for
 * every container.
 */
@FunctionalInterface
public interface TransportProvider {
    /** For where there is none. */
    TransportProvider USUAL = (session, usual) -> usual;

    /**
     * The transport for a session, or the usual one. Called while the session opens, on the thread that its
     * {@code @OnOpen} runs on, or later.
     */
    Transport of(Session session, Transport usual);
}
