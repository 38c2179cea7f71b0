package dev.parley.frames;

import dev.parley.websocket.NeverWaits;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.WebSocketContainer;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.tyrus.core.AnnotatedEndpoint;
import org.glassfish.tyrus.core.ComponentProviderService;
import org.glassfish.tyrus.core.DebugContext;
import org.glassfish.tyrus.core.ErrorCollector;
import org.glassfish.tyrus.core.HandshakeException;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusEndpointWrapper;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.Version;
import org.glassfish.tyrus.core.monitoring.EndpointEventListener;
import org.glassfish.tyrus.core.uri.Match;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.Writer;

/**
 * Tyrus's endpoints, sessions and writing, without its reading: what {@code TyrusWebSocketEngine} is, but for messages
 * that {@link FrameReader} has read. No extension is negotiated here, since extensions of Tyrus change frames as they are
 * read.
 *
 * <p>Thread-safe.
 */
public final class EndpointEngine implements WebSocketEngine {
    private static final TyrusEndpointWrapper.SessionListener ANYBODY = new TyrusEndpointWrapper.SessionListener() {};
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;

    private final WebSocketContainer container;
    private final ComponentProviderService components = ComponentProviderService.create();
    private final Set<TyrusEndpointWrapper> endpoints = ConcurrentHashMap.newKeySet();

    /** A handshake that was answered; its session opens when there is somewhere to write to. */
    static final class Upgrade implements UpgradeInfo {
        private final UpgradeStatus status;
        private final Optional<Parts> parts;

        private record Parts(
                TyrusEndpointWrapper endpoint, ProtocolHandler protocol, UpgradeRequest request, String subProtocol) {}

        private Upgrade(UpgradeStatus status, Optional<Parts> parts) {
            this.status = status;
            this.parts = parts;
        }

        @Override
        public UpgradeStatus getStatus() {
            return status;
        }

        @Override
        public EndpointSession createConnection(Writer writer, Connection.CloseListener closeListener) {
            Parts found = parts.orElseThrow();
            found.protocol().setWriter(writer);
            TyrusWebSocket socket = new TyrusWebSocket(found.protocol(), found.endpoint());
            socket.onConnect(found.request(), found.subProtocol(), List.of(), null, new DebugContext());
            return new EndpointSession(socket, writer, closeListener, neverWaits(found.endpoint()));
        }
    }

    EndpointEngine(WebSocketContainer container) {
        this.container = container;
    }

    @Override
    public Upgrade upgrade(UpgradeRequest request, UpgradeResponse response) {
        request.getHeaders().remove(HandshakeRequest.SEC_WEBSOCKET_EXTENSIONS);
        Optional<TyrusEndpointWrapper> endpoint = find(request);
        if (endpoint.isEmpty()) {
            response.setStatus(NOT_FOUND);
            return new Upgrade(UpgradeStatus.NOT_APPLICABLE, Optional.empty());
        }
        ServerEndpointConfig config = (ServerEndpointConfig) endpoint.get().getEndpointConfig();
        if (!config.getConfigurator().checkOrigin(request.getHeader("Origin"))) {
            return failed(response, FORBIDDEN);
        }
        ProtocolHandler protocol = Version.DRAFT17.createHandler(false, null);
        try {
            protocol.handshake(endpoint.get(), request, response, Map::of);
        } catch (HandshakeException e) {
            return failed(response, e.getHttpStatusCode());
        }
        if (response.getStatus() != SWITCHING_PROTOCOLS) { // a Configurator has said otherwise
            return failed(response, response.getStatus());
        }
        String subProtocol = response.getFirstHeaderValue(HandshakeRequest.SEC_WEBSOCKET_PROTOCOL);
        return new Upgrade(
                UpgradeStatus.SUCCESS, Optional.of(new Upgrade.Parts(endpoint.get(), protocol, request, subProtocol)));
    }

    private static boolean neverWaits(TyrusEndpointWrapper endpoint) {
        return endpoint.getEndpointConfig() instanceof ServerEndpointConfig config
                && config.getEndpointClass().isAnnotationPresent(NeverWaits.class);
    }

    private static Upgrade failed(UpgradeResponse response, int status) {
        response.setStatus(status);
        return new Upgrade(UpgradeStatus.HANDSHAKE_FAILED, Optional.empty());
    }

    private Optional<TyrusEndpointWrapper> find(UpgradeRequest request) {
        return Match.getAllMatches(request.getRequestURI().getRawPath(), endpoints, new DebugContext()).stream()
                .findFirst()
                .map(match -> {
                    match.getParameters()
                            .forEach((name, value) -> request.getParameterMap().put(name, List.of(value)));
                    return match.getEndpointWrapper();
                });
    }

    @Override
    public void register(Class<?> endpointClass, String contextPath) throws DeploymentException {
        register(annotated(endpointClass), contextPath);
    }

    @Override
    @SuppressWarnings("unchecked") // looked at
    public void register(ServerEndpointConfig config, String contextPath) throws DeploymentException {
        Class<?> endpointClass = config.getEndpointClass();
        if (Endpoint.class.isAssignableFrom(endpointClass)) {
            add(new TyrusEndpointWrapper(
                    (Class<? extends Endpoint>) endpointClass,
                    config,
                    components,
                    container,
                    contextPath,
                    config.getConfigurator(),
                    ANYBODY,
                    null,
                    EndpointEventListener.NO_OP,
                    false));
        } else {
            register(annotated(endpointClass), contextPath);
        }
    }

    private AnnotatedEndpoint annotated(Class<?> endpointClass) throws DeploymentException {
        ErrorCollector errors = new ErrorCollector();
        AnnotatedEndpoint endpoint = AnnotatedEndpoint.fromClass(
                endpointClass, components, true, Integer.MAX_VALUE, errors, EndpointEventListener.NO_OP);
        if (!errors.isEmpty()) {
            throw errors.composeComprehensiveException();
        }
        return endpoint;
    }

    private void register(AnnotatedEndpoint endpoint, String contextPath) throws DeploymentException {
        ServerEndpointConfig config = (ServerEndpointConfig) endpoint.getEndpointConfig();
        add(new TyrusEndpointWrapper(
                endpoint,
                config,
                components,
                container,
                contextPath,
                config.getConfigurator(),
                ANYBODY,
                null,
                EndpointEventListener.NO_OP,
                false));
    }

    private void add(TyrusEndpointWrapper endpoint) throws DeploymentException {
        String path = endpoint.getEndpointPath();
        if (endpoints.stream().anyMatch(other -> Match.isEquivalent(path, other.getEndpointPath()))) {
            throw new DeploymentException("Two endpoints have the path " + path);
        }
        endpoints.add(endpoint);
    }
}
