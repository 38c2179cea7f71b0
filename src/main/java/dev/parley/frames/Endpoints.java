package dev.parley.frames;

import dev.parley.security.Limits;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.server.TyrusServerContainer;

/**
 * The {@code @ServerEndpoint} classes on an engine of Tyrus, without a server.
 *
 * <p>Tyrus's own containers bring a private server with them that always listens on every address.
 */
public final class Endpoints extends TyrusServerContainer {
    private static final String ROOT = "/";

    private final EndpointEngine engine;

    public Endpoints(Set<Class<?>> classes, Limits limits) {
        super(classes);
        this.engine = new EndpointEngine(this);
        setDefaultMaxTextMessageBufferSize(limits.messageSize());
        setDefaultMaxBinaryMessageBufferSize(limits.messageSize());
        // None, as 0 is; but with 0 Tyrus wakes a thread of its timer at each message
        setDefaultMaxSessionIdleTimeout(-1);
    }

    /** Takes the classes in. */
    public void deploy() throws DeploymentException {
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
    public EndpointEngine getWebSocketEngine() {
        return engine;
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }
}
