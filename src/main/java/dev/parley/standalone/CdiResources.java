package dev.parley.standalone;

import java.util.Set;
import java.util.function.Supplier;
import org.glassfish.jersey.internal.inject.Bindings;
import org.glassfish.jersey.internal.inject.DisposableSupplier;
import org.glassfish.jersey.internal.inject.InjectionManager;
import org.glassfish.jersey.process.internal.RequestScoped;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.spi.ComponentProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes the resources of Jersey by CDI, one of each for a request, and destroys them with it.
 *
 * <p>Jersey finds this class by {@link java.util.ServiceLoader}, for every application in the process; so one that is to
 * have beans is built within {@link #with}. Jersey's own module for CDI takes one application a process.
 */
public final class CdiResources implements ComponentProvider {
    private static final ThreadLocal<@Nullable Beans> BUILDING = new ThreadLocal<>();

    private @Nullable Beans beans;
    private @Nullable InjectionManager injections;

    /** Builds an application of Jersey, for these beans. */
    static <T> T with(Beans beans, Supplier<T> building) {
        BUILDING.set(beans);
        try {
            return building.get();
        } finally {
            BUILDING.remove();
        }
    }

    @Override
    public void initialize(InjectionManager manager) {
        beans = BUILDING.get();
        injections = manager;
    }

    @Override
    public boolean bind(Class<?> component, Set<Class<?>> providerContracts) {
        if (beans == null || injections == null || Resource.from(component) == null) {
            return false;
        }
        bind(injections, component, beans);
        return true;
    }

    @Override
    public void done() {}

    private static <T> void bind(InjectionManager injections, Class<T> component, Beans beans) {
        injections.register(Bindings.supplier(new FromBeans<>(component, beans))
                .to(component)
                .in(RequestScoped.class));
    }

    private record FromBeans<T>(Class<T> type, Beans beans) implements DisposableSupplier<T> {
        @Override
        public T get() {
            return beans.create(type);
        }

        @Override
        public void dispose(T instance) {
            beans.destroy(instance);
        }
    }
}
