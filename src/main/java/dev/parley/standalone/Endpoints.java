package dev.parley.standalone;

import dev.parley.security.Limits;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/**
 * The {@code @ServerEndpoint} classes on an engine of Tyrus, without a server.
 *
 * <p>Tyrus's own containers bring a private server with them that always listens on every address. And by default a
 * message of many fragments has no bound, and one of more than 4 MB closes with 1011.
 */
final class Endpoints extends TyrusServerContainer {
    /** In the buffer with the end of the largest message may be what was sent after it: at most one read of TLS or TCP. */
    private static final int BESIDE_MESSAGE = 1024 * 1024;

    private static final String ROOT = "/";

    private final TyrusWebSocketEngine engine;

    Endpoints(Set<Class<?>> classes, Limits limits) {
        super(classes);
        this.engine = TyrusWebSocketEngine.builder(this)
                .incomingBufferSize(Math.addExact(limits.messageSize(), BESIDE_MESSAGE))
                .build();
        setDefaultMaxTextMessageBufferSize(limits.messageSize());
        setDefaultMaxBinaryMessageBufferSize(limits.messageSize());
    }

    /** Takes the classes in. */
    void deploy() throws DeploymentException {
        try {
            start(ROOT, 0);
        } catch (IOException e) {
            throw new DeploymentException("Tyrus cannot start", e);
        }
    }

    @Override
    public void register(Class<?> endpointClass) throws DeploymentException {
        engine.register(endpointClass, ROOT);
    }

    @Override
    public void register(ServerEndpointConfig config) throws DeploymentException {
        engine.register(config, ROOT);
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
        return engine;
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }
}
