package dev.parley.frames;

import jakarta.websocket.OnError;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig.Configurator;
import java.lang.reflect.Method;
import java.util.Optional;
import org.glassfish.tyrus.core.ComponentProviderService;
import org.glassfish.tyrus.core.ErrorCollector;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one endpoint, one for each session, made as Tyrus makes them and the same ones; but it is told when one
 * cannot be made, and counted when one is called. Thread-safe.
 */
final class EndpointInstances extends ComponentProviderService {
    private static final ThreadLocal<@Nullable Boolean> CALLED = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable Throwable> FAILURE = new ThreadLocal<>();
    private static final String MAKING = "getEndpointInstance";

    private volatile @Nullable Configurator maker;

    EndpointInstances(ComponentProviderService components) {
        super(components);
    }

    /** It makes them, if it says how. */
    void madeBy(Configurator configurator) {
        maker = makesInstances(configurator) ? configurator : null;
    }

    private static boolean makesInstances(Configurator configurator) {
        try {
            Method making = configurator.getClass().getMethod(MAKING, Class.class);
            return making.getDeclaringClass() != Configurator.class
                    && !making.getDeclaringClass().getName().startsWith("org.glassfish.tyrus.");
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // Configurator has it
        }
    }

    /** Why there is no instance for this session; it is made here when there was none. */
    Optional<Throwable> failure(Class<?> endpoint, Session session) {
        FAILURE.remove();
        ErrorCollector errors = new ErrorCollector();
        Object instance = getInstance(endpoint, session, errors);
        Throwable thrown = FAILURE.get(); // what Tyrus collects has no cause
        FAILURE.remove();
        if (thrown != null) {
            return Optional.of(thrown);
        }
        if (!errors.isEmpty()) {
            return Optional.of(errors.composeComprehensiveException());
        }
        return instance == null
                ? Optional.of(new InstantiationException("The Configurator has made no instance"))
                : Optional.empty();
    }

    /** Null where it could not be made. */
    @Nullable
    Object get(Class<?> endpoint, Session session) {
        return getInstance(endpoint, session, new ErrorCollector());
    }

    /**
     * Whether the endpoint, or what tells it of errors, is called while this runs; where its Configurator makes the
     * instances, Tyrus does not ask here, and it is taken to be.
     */
    boolean isCalled(Runnable action) {
        CALLED.set(false);
        try {
            action.run();
            return maker != null || Boolean.TRUE.equals(CALLED.get());
        } finally {
            CALLED.remove();
        }
    }

    static void called() {
        if (CALLED.get() != null) {
            CALLED.set(true);
        }
    }

    @Override
    public <T> Object getInstance(Class<T> type, Session session, ErrorCollector collector) {
        called();
        return super.getInstance(type, session, collector);
    }

    @Override
    public <T> Object getEndpointInstance(Class<T> type) throws InstantiationException {
        Configurator known = maker;
        try {
            return known == null ? super.getEndpointInstance(type) : known.getEndpointInstance(type);
        } catch (Throwable e) { // as it comes, and told elsewhere
            FAILURE.set(e);
            throw e;
        }
    }

    /** None for errors: those are told by {@link EndpointErrors}, and Tyrus would not say what becomes of that. */
    @Override
    @SuppressWarnings("NullAway") // Tyrus asks whether it is null
    public Method getInvocableMethod(Method method) {
        return method.isAnnotationPresent(OnError.class) ? null : super.getInvocableMethod(method);
    }
}
