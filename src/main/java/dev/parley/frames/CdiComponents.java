package dev.parley.frames;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.glassfish.tyrus.core.ComponentProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes the instances that Tyrus asks for, endpoints, encoders and decoders, by CDI, and destroys them when their session
 * ends, together with what was made for them alone.
 *
 * <p>Tyrus finds this class by {@link java.util.ServiceLoader} and makes it without an argument, once for each engine; so
 * the engine is built within {@link #with}, which says whose beans are meant. {@code CDI.current()} could not, since one
 * process may hold several servers.
 */
public final class CdiComponents extends ComponentProvider {
    private static final ThreadLocal<@Nullable Components> BUILDING = new ThreadLocal<>();

    private final @Nullable Components beans = BUILDING.get();

    /** Builds something with Tyrus, for these beans. */
    public static <T> T with(Components beans, Supplier<T> building) {
        Components before = BUILDING.get();
        BUILDING.set(beans);
        try {
            return building.get();
        } finally {
            if (before == null) {
                BUILDING.remove();
            } else {
                BUILDING.set(before);
            }
        }
    }

    /** For whose beans something is built just now. */
    static Optional<Components> building() {
        return Optional.ofNullable(BUILDING.get());
    }

    /** Not for a client that runs in the same process, which has no beans. */
    @Override
    public boolean isApplicable(Class<?> type) {
        return beans != null;
    }

    @Override
    public <T> Object create(Class<T> type) {
        return Objects.requireNonNull(beans).create(type);
    }

    @Override
    public boolean destroy(Object instance) {
        return beans != null && beans.destroy(instance);
    }
}
