package dev.parley.frames;

import dev.parley.endpoint.GuestsAllowed;
import dev.parley.security.HandshakeSender;
import dev.parley.security.HandshakeUsers;
import dev.parley.security.Refusal;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Decoder;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.WebSocketContainer;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.glassfish.tyrus.core.AnnotatedEndpoint;
import org.glassfish.tyrus.core.ComponentProviderService;
import org.glassfish.tyrus.core.DebugContext;
import org.glassfish.tyrus.core.ErrorCollector;
import org.glassfish.tyrus.core.HandshakeException;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusEndpointWrapper;
import org.glassfish.tyrus.core.TyrusSession;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.Version;
import org.glassfish.tyrus.core.monitoring.EndpointEventListener;
import org.glassfish.tyrus.core.uri.Match;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Tyrus's endpoints, sessions and writing, without its reading: what {@code TyrusWebSocketEngine} is, but for messages
 * that {@link FrameReader} has read. Extensions of Tyrus change frames as they are read, and so are none here: what a
 * Configurator chooses is agreed on by {@link ExtensionAgreement}.
 *
 * <p>Thread-safe.
 */
public final class EndpointEngine implements WebSocketEngine {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int FAILED = 500;
    private static final ThreadLocal<@Nullable TyrusSession> OPENED = new ThreadLocal<>();

    private final WebSocketContainer container;
    private final HandshakeUsers users;
    private final boolean compression;
    private final Optional<Components> beans = CdiComponents.building();
    private final ComponentProviderService components = ComponentProviderService.create();
    private final Map<TyrusEndpointWrapper, EndpointErrors> endpoints = new ConcurrentHashMap<>();

    /** A handshake that was answered; its session opens when there is somewhere to write to. */
    static final class Upgrade implements UpgradeInfo {
        private final UpgradeStatus status;
        private final Optional<Parts> parts;

        private final Optional<Refusal> refusal;

        private record Parts(
                TyrusEndpointWrapper endpoint,
                ProtocolHandler protocol,
                UpgradeRequest request,
                String subProtocol,
                ExtensionAgreement extensions,
                EndpointCallbacks callbacks) {}

        private Upgrade(UpgradeStatus status, Optional<Parts> parts, Optional<Refusal> refusal) {
            this.status = status;
            this.parts = parts;
            this.refusal = refusal;
        }

        /** Where it is not the endpoint that refuses it. */
        Optional<Refusal> refusal() {
            return refusal;
        }

        @Override
        public UpgradeStatus getStatus() {
            return status;
        }

        Class<?> endpointClass() {
            return EndpointEngine.endpointClass(parts.orElseThrow().endpoint());
        }

        /** Whether messages may be compressed. */
        boolean isCompressed() {
            return parts.orElseThrow().extensions().compressed();
        }

        /** Opens the session, with frames of ours and not of Tyrus's. */
        EndpointSession open(EndpointSession.Ends ends) {
            Parts found = parts.orElseThrow();
            TyrusWebSocket socket = new EndpointSocket(found.protocol(), found.endpoint(), found.callbacks(), ends);
            found.protocol().setWriter(ends.writer());
            try {
                found.callbacks().open(() -> PathParameters.open(() -> connect(socket)));
                TyrusSession session = Objects.requireNonNull(OPENED.get());
                return new EndpointSession(socket, session, found.callbacks(), ends);
            } finally {
                OPENED.remove();
            }
        }

        @Override
        public EndpointSession createConnection(Writer writer, Connection.CloseListener closeListener) {
            throw new UnsupportedOperationException("WebSocketConnection opens it");
        }

        private void connect(TyrusWebSocket socket) {
            Parts found = parts.orElseThrow();
            try {
                socket.onConnect(
                        found.request(),
                        found.subProtocol(),
                        found.extensions().extensions(),
                        null,
                        new DebugContext());
            } catch (EndpointErrors.NotOpenedException e) {
                e.close();
            }
        }
    }

    /**
     * @param users tells whose a handshake is
     * @param compression whether this server compresses messages where a client offers it
     */
    EndpointEngine(WebSocketContainer container, HandshakeUsers users, boolean compression) {
        this.container = container;
        this.users = users;
        this.compression = compression;
    }

    HandshakeUsers users() {
        return users;
    }

    /** Of the handshake that this thread answers. */
    @Override
    public Upgrade upgrade(UpgradeRequest request, UpgradeResponse response) {
        Optional<TyrusEndpointWrapper> endpoint = find(request);
        if (endpoint.isEmpty()) {
            response.setStatus(NOT_FOUND);
            return new Upgrade(UpgradeStatus.NOT_APPLICABLE, Optional.empty(), Optional.empty());
        }
        Class<?> type = endpointClass(endpoint.get());
        Optional<Refusal> shut = HandshakeSender.current()
                .flatMap(sender -> users.check(sender, type.isAnnotationPresent(GuestsAllowed.class)));
        if (shut.isPresent()) {
            response.setStatus(shut.get().status());
            return new Upgrade(UpgradeStatus.HANDSHAKE_FAILED, Optional.empty(), shut);
        }
        EndpointCallbacks callbacks =
                EndpointCallbacks.of(type, beans, Objects.requireNonNull(endpoints.get(endpoint.get())));
        Upgrade[] upgrade = {failed(response, FORBIDDEN)};
        callbacks.scope().run(() -> upgrade[0] = configured(endpoint.get(), callbacks, request, response));
        return upgrade[0];
    }

    /** A Configurator may throw anything, of whatever language; what Tyrus itself checks is found to be well formed. */
    private Upgrade configured(
            TyrusEndpointWrapper endpoint,
            EndpointCallbacks callbacks,
            UpgradeRequest request,
            UpgradeResponse response) {
        try {
            return upgrade(endpoint, callbacks, request, response);
        } catch (Throwable e) {
            EndpointErrors.handshakeFailed(endpointClass(endpoint), e);
            return failed(response, FAILED);
        }
    }

    private Upgrade upgrade(
            TyrusEndpointWrapper endpoint,
            EndpointCallbacks callbacks,
            UpgradeRequest request,
            UpgradeResponse response) {
        ServerEndpointConfig config = (ServerEndpointConfig) endpoint.getEndpointConfig();
        if (!config.getConfigurator().checkOrigin(request.getHeader("Origin"))) {
            return failed(response, FORBIDDEN);
        }
        List<ExtensionOffer> offers = ExtensionOffer.parse(
                        request.getHeaders().getOrDefault(ExtensionAgreement.HEADER, List.of()))
                .orElse(List.of());
        ProtocolHandler protocol = Version.DRAFT17.createHandler(false, null);
        try {
            protocol.handshake(endpoint, request, response, Map::of);
        } catch (HandshakeException e) {
            return failed(response, e.getHttpStatusCode());
        }
        if (response.getStatus() != SWITCHING_PROTOCOLS) { // a Configurator has said otherwise
            return failed(response, response.getStatus());
        }
        protocol.setExtensions(List.of());
        ExtensionAgreement extensions = agreed(response, offers);
        String subProtocol = response.getFirstHeaderValue(HandshakeRequest.SEC_WEBSOCKET_PROTOCOL);
        return new Upgrade(
                UpgradeStatus.SUCCESS,
                Optional.of(new Upgrade.Parts(endpoint, protocol, request, subProtocol, extensions, callbacks)),
                Optional.empty());
    }

    /** The answer says what the session says too. */
    private ExtensionAgreement agreed(UpgradeResponse response, List<ExtensionOffer> offers) {
        List<String> chosen = response.getHeaders().getOrDefault(ExtensionAgreement.HEADER, List.of());
        ExtensionAgreement agreed = ExtensionAgreement.of(chosen, offers, compression);
        response.getHeaders().remove(ExtensionAgreement.HEADER);
        agreed.answer().ifPresent(answer -> response.getHeaders().put(ExtensionAgreement.HEADER, List.of(answer)));
        return agreed;
    }

    private static Class<?> endpointClass(TyrusEndpointWrapper endpoint) {
        return ((ServerEndpointConfig) endpoint.getEndpointConfig()).getEndpointClass();
    }

    private static Upgrade failed(UpgradeResponse response, int status) {
        response.setStatus(status);
        return new Upgrade(UpgradeStatus.HANDSHAKE_FAILED, Optional.empty(), Optional.empty());
    }

    private Optional<TyrusEndpointWrapper> find(UpgradeRequest request) {
        return Match.getAllMatches(request.getRequestURI().getRawPath(), endpoints.keySet(), new DebugContext())
                .stream()
                .filter(match -> match.getParameters().values().stream().noneMatch(String::isEmpty))
                .findFirst()
                .map(match -> {
                    PathParameters.add(request.getParameterMap(), match.getParameters());
                    return match.getEndpointWrapper();
                });
    }

    /** The {@code @ServerEndpoint} classes that are served. */
    Set<Class<?>> annotated() {
        return endpoints.keySet().stream()
                .<Class<?>>map(EndpointEngine::endpointClass)
                .filter(type -> type.isAnnotationPresent(ServerEndpoint.class))
                .collect(Collectors.toSet());
    }

    @Override
    public void register(Class<?> endpointClass, String contextPath) throws DeploymentException {
        EndpointRules.deploy(endpointClass, () -> add(annotated(endpointClass), contextPath));
    }

    @Override
    public void register(ServerEndpointConfig config, String contextPath) throws DeploymentException {
        EndpointRules.deploy(config.getEndpointClass(), () -> add(config, contextPath));
    }

    private void add(ServerEndpointConfig config, String contextPath) throws DeploymentException {
        Class<?> endpointClass = config.getEndpointClass();
        EndpointRules.check(config);
        if (!Endpoint.class.isAssignableFrom(endpointClass)) {
            add(annotated(endpointClass), contextPath);
            return;
        }
        EndpointInstances instances = new EndpointInstances(components);
        EndpointErrors errors = new EndpointErrors(endpointClass, instances);
        ServerEndpointConfig offering = compression ? new CompressingConfig(config) : config;
        add(new ProgrammaticEndpoint(endpointClass, instances, errors), offering, contextPath, errors);
    }

    /** An annotated endpoint, and who is told of its errors. */
    private record Annotated(AnnotatedEndpoint endpoint, EndpointErrors errors) {}

    private Annotated annotated(Class<?> endpointClass) throws DeploymentException {
        ServerEndpoint annotation = endpointClass.getAnnotation(ServerEndpoint.class);
        if (annotation == null) {
            throw new DeploymentException(
                    endpointClass.getName() + " is neither an Endpoint nor annotated as @ServerEndpoint.");
        }
        EndpointPath.checkAnnotated(endpointClass, annotation.value());
        EndpointRules.checkConfigurator(endpointClass, annotation.configurator());
        ErrorCollector problems = new ErrorCollector();
        EndpointInstances instances = new EndpointInstances(components);
        EndpointErrors errors = new EndpointErrors(endpointClass, instances);
        AnnotatedEndpoint endpoint = AnnotatedEndpoint.fromClass(
                endpointClass,
                instances,
                true,
                Integer.MAX_VALUE,
                problems,
                errors,
                compression ? Set.of(ExtensionAgreement.DEFLATE) : Set.of());
        if (!problems.isEmpty()) {
            throw problems.composeComprehensiveException();
        }
        return new Annotated(endpoint, errors);
    }

    private void add(Annotated annotated, String contextPath) throws DeploymentException {
        ServerEndpointConfig own = (ServerEndpointConfig) annotated.endpoint().getEndpointConfig();
        EndpointRules.check(own);
        List<Class<? extends Decoder>> named = List.of(
                own.getEndpointClass().getAnnotation(ServerEndpoint.class).decoders());
        ServerEndpointConfig config = MessageTypes.decoders(own.getEndpointClass(), named, own.getDecoders())
                .<ServerEndpointConfig>map(chosen -> new ChosenDecoders(own, chosen))
                .orElse(own);
        add(annotated.endpoint(), config, contextPath, annotated.errors());
    }

    private void add(Endpoint endpoint, ServerEndpointConfig config, String contextPath, EndpointErrors errors)
            throws DeploymentException {
        errors.deployed(config);
        TyrusEndpointWrapper wrapper = new TyrusEndpointWrapper(
                endpoint,
                config,
                components,
                container,
                contextPath,
                config.getConfigurator(),
                new Sessions(errors),
                null,
                EndpointEventListener.NO_OP,
                false);
        String path = wrapper.getEndpointPath();
        Optional<TyrusEndpointWrapper> same = endpoints.keySet().stream()
                .filter(other -> Match.isEquivalent(path, other.getEndpointPath()))
                .findFirst();
        if (same.isPresent()) {
            throw EndpointPath.taken(path, endpointClass(same.get()), endpointClass(wrapper));
        }
        endpoints.put(wrapper, errors);
    }

    /** Is told of an endpoint's sessions, before and after the endpoint is. */
    private static final class Sessions extends TyrusEndpointWrapper.SessionListener {
        private final EndpointErrors errors;

        private Sessions(EndpointErrors errors) {
            this.errors = errors;
        }

        @Override
        public OnOpenResult onOpen(TyrusSession session) {
            PathParameters.sessionIsMade();
            OPENED.set(session);
            errors.opening(session);
            return OnOpenResult.SESSION_ALLOWED;
        }

        @Override
        public void onClose(TyrusSession session, CloseReason reason) {
            errors.closed(session);
        }
    }
}
