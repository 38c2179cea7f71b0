package dev.parley.frames;

import dev.parley.security.HandshakeUsers;
import dev.parley.security.Limits;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.glassfish.tyrus.core.AnnotatedEndpoint;
import org.glassfish.tyrus.server.TyrusServerContainer;

/**
 * The {@code @ServerEndpoint} classes on an engine of Tyrus, without a server.
 *
 * <p>Tyrus's own containers bring a private server with them that always listens on every address.
 */
public final class Endpoints extends TyrusServerContainer {
    private static final String ROOT = "/";

    private final EndpointEngine engine;
    private final String configs;
    private volatile boolean started;

    /**
     * @param classes with {@code @ServerEndpoint}, of {@code Endpoint}, and each {@code ServerApplicationConfig}, which
     *     says of the others what is deployed
     * @param users tells whose a handshake is
     * @param compression whether messages may be compressed where a client offers it
     */
    public Endpoints(Set<Class<?>> classes, Limits limits, HandshakeUsers users, boolean compression) {
        super(classes);
        this.engine = new EndpointEngine(this, users, compression);
        this.configs = classes.stream()
                .filter(ServerApplicationConfig.class::isAssignableFrom)
                .map(Class::getName)
                .sorted()
                .collect(Collectors.joining(" or "));
        setDefaultMaxTextMessageBufferSize(limits.messageSize());
        setDefaultMaxBinaryMessageBufferSize(limits.messageSize());
        // None, as 0 is; but with 0 Tyrus wakes a thread of its timer at each message
        setDefaultMaxSessionIdleTimeout(-1);
    }

    /** The log in which Tyrus says at INFO what an endpoint has thrown, as a warning says already. */
    public static String failureLog() {
        return AnnotatedEndpoint.class.getName();
    }

    /** Whether this thread calls an endpoint of a server, and so its failures are told by a warning. */
    public static boolean isCalling() {
        return EndpointErrors.isCalling();
    }

    /**
     * Takes the classes in.
     *
     * @throws DeploymentException when one of them cannot work; the message names it
     */
    public void deploy() throws DeploymentException {
        try {
            start(ROOT, 0);
            started = true;
        } catch (IOException e) {
            throw new DeploymentException("Tyrus cannot start", e);
        } catch (RuntimeException | LinkageError e) { // an endpoint's is told with the endpoint's name
            stop();
            throw EndpointRules.failed(configs.isEmpty() ? "Tyrus" : configs, e);
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

    /** Once the server has started, it is served at once. */
    @Override
    public void addEndpoint(Class<?> endpointClass) throws DeploymentException {
        if (started) {
            register(endpointClass);
        } else {
            super.addEndpoint(endpointClass);
        }
    }

    /** Once the server has started, it is served at once. */
    @Override
    public void addEndpoint(ServerEndpointConfig config) throws DeploymentException {
        if (started) {
            register(config);
        } else {
            super.addEndpoint(config);
        }
    }

    /** The {@code @ServerEndpoint} classes that are served. */
    public Set<Class<?>> annotated() {
        return engine.annotated();
    }

    @Override
    public EndpointEngine getWebSocketEngine() {
        return engine;
    }

    /** Sessions ask for it as they open. */
    @Override
    public ScheduledExecutorService getScheduledExecutorService() {
        return IdleTimer.ofOpening(super::getScheduledExecutorService);
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }
}
