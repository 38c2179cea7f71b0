package dev.parley.frames;

import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.DisconnectCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.tyrus.core.WebSocketException;
import org.glassfish.tyrus.core.monitoring.EndpointEventListener;
import org.glassfish.tyrus.core.monitoring.MessageEventListener;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of what one endpoint's code throws (Jakarta WebSocket 2.1 section 5.2.2): the endpoint's own method for
 * errors is told; where it has none, or that throws too, there is one warning, with the endpoint, the session and the cause,
 * until there are many of a kind. A session that could not be opened is closed with 1011. Thread-safe.
 */
final class EndpointErrors implements EndpointEventListener {
    private static final System.Logger LOGGER = System.getLogger(EndpointErrors.class.getName());

    private static final FailureLog FAILURES = FailureLog.ofEach(LOGGER, System.Logger.Level.WARNING);

    private static final ThreadLocal<@Nullable Call> CALL = new ThreadLocal<>();

    private final Class<?> endpoint;
    private final EndpointInstances instances;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private volatile Optional<OnErrorMethod> method = Optional.empty();

    /** @param opens whether a session is being opened */
    private record Call(boolean opens) {
        private static final Call OPENING = new Call(true);
        private static final Call OTHER = new Call(false);
    }

    EndpointErrors(Class<?> endpoint, EndpointInstances instances) {
        this.endpoint = endpoint;
        this.instances = instances;
    }

    /** Before the first session. */
    void deployed(ServerEndpointConfig config) {
        instances.madeBy(config.getConfigurator());
        if (!Endpoint.class.isAssignableFrom(endpoint)) {
            method = OnErrorMethod.of(endpoint, config);
        }
    }

    /** Whether this thread calls an endpoint: what Tyrus logs meanwhile of its failures is told here. */
    static boolean isCalling() {
        return CALL.get() != null;
    }

    Class<?> endpoint() {
        return endpoint;
    }

    /**
     * Calls the endpoint: what Tyrus says meanwhile of its failures is said here.
     *
     * @param opens whether a session is being opened
     */
    void around(boolean opens, Runnable call) {
        Call before = CALL.get();
        CALL.set(opens ? Call.OPENING : Call.OTHER);
        try {
            call.run();
        } finally {
            if (before == null) {
                CALL.remove();
            } else {
                CALL.set(before);
            }
        }
    }

    /** Tells of a message; of one that no Decoder takes the endpoint hears as an error. */
    void message(Session session, SessionHandlers handlers, Runnable call) {
        boolean called = instances.isCalled(call);
        if (!called && session.isOpen() && handlers.areOfMethods()) {
            failed(session, new DecodeException("", "No Decoder takes this message"));
        }
    }

    /** The instance is made before anything is told to it: else it would be found out at the first message that it cannot be. */
    void opening(Session session) {
        sessions.put(session.getId(), session);
        Optional<Throwable> failure = instances.failure(endpoint, session);
        if (failure.isPresent()) {
            warn(session.getId(), failure.get());
            throw new NotOpenedException(session);
        }
    }

    /** Nothing more is told to it. */
    void closed(Session session) {
        sessions.remove(session.getId());
    }

    /** Thrown where there is no instance of the endpoint for a session. */
    static final class NotOpenedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // it is never written
        private final transient Session session;

        private NotOpenedException(Session session) {
            super("", null, false, false);
            this.session = session;
        }

        /** The client is told 1011. */
        void close() {
            EndpointErrors.close(session);
        }
    }

    /** What has thrown that Tyrus does not call itself. */
    void failed(Session session, Throwable failure) {
        if (Endpoint.class.isAssignableFrom(endpoint)) {
            tell(session, failure);
        } else {
            onError(session.getId(), failure);
        }
    }

    /** Of an annotated endpoint, which Tyrus takes to have no method for errors. */
    @Override
    public void onError(String id, Throwable failure) {
        EndpointInstances.called();
        Session session = sessions.get(id);
        if (session == null) {
            warn(id, failure);
        } else if (method.isPresent()) {
            tell(session, failure);
        } else if (!(failure instanceof WebSocketException)) { // that one is the client's
            notTaken(session, failure);
        }
    }

    /** Nothing that follows an {@code @OnOpen} that has thrown would find what it expects. */
    private void notTaken(Session session, Throwable failure) {
        warn(session.getId(), failure);
        Call call = CALL.get();
        if (call != null && call.opens()) {
            close(session);
        }
    }

    private void tell(Session session, Throwable failure) {
        try {
            Object instance = instances.get(endpoint, session);
            if (instance instanceof Endpoint programmatic) {
                tell(programmatic, session, failure);
            } else if (method.isPresent() && instance != null) {
                method.get().call(instance, session, failure);
            } else {
                notTaken(session, failure);
            }
        } catch (Throwable e) { // a checked one too: a method may declare it
            if (e != failure) {
                e.addSuppressed(failure);
            }
            warn(session.getId(), e);
        }
    }

    private void tell(Endpoint instance, Session session, Throwable failure) {
        if (overridesOnError(instance.getClass())) {
            instance.onError(session, failure);
        } else {
            notTaken(session, failure);
        }
    }

    private static boolean overridesOnError(Class<?> type) {
        try {
            return type.getMethod("onError", Session.class, Throwable.class).getDeclaringClass() != Endpoint.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // Endpoint has it
        }
    }

    private void warn(String session, Throwable failure) {
        String what = "The endpoint " + endpoint.getName() + " has failed";
        FAILURES.failed(what, what + " in the session " + session, failure);
    }

    /** A Configurator has failed, before there is a session. */
    static void handshakeFailed(Class<?> endpoint, Throwable failure) {
        FAILURES.failed(
                "The Configurator of the endpoint " + endpoint.getName()
                        + " has failed in a handshake, before its session",
                failure);
    }

    private static void close(Session session) {
        try {
            if (session.isOpen()) {
                DisconnectCode code = DisconnectCode.INTERNAL;
                session.close(new CloseReason(CloseCodes.getCloseCode(code.code()), code.reason()));
            }
        } catch (IOException | IllegalStateException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The session has ended", e);
        }
    }

    @Override
    public MessageEventListener onSessionOpened(String session) {
        return MessageEventListener.NO_OP;
    }

    @Override
    public void onSessionClosed(String session) {
        // closed(Session) is told of those of programmatic endpoints too
    }
}
