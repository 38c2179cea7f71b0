package dev.parley.standalone;

import java.util.Objects;
import java.util.Set;
import org.glassfish.jersey.internal.inject.Bindings;
import org.glassfish.jersey.internal.inject.DisposableSupplier;
import org.glassfish.jersey.internal.inject.InjectionManager;
import org.glassfish.jersey.process.internal.RequestScoped;
import org.glassfish.jersey.server.spi.ComponentProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes the resources that Jersey asks for by CDI, one of each for a request. Jersey finds this class by
 * {@link java.util.ServiceLoader}, within {@link CdiComponents#with}, which says whose beans are meant. A binding of our
 * own beside Jersey's would not do: it would take now the one, now the other.
 */
public final class CdiResources implements ComponentProvider {
    private final @Nullable Beans beans = CdiComponents.building();
    private @Nullable InjectionManager jersey;

    @Override
    public void initialize(InjectionManager manager) {
        jersey = manager;
    }

    /** Whether the class is ours to make; Jersey then does not bind it itself. */
    @Override
    public boolean bind(Class<?> component, Set<Class<?>> providerContracts) {
        if (beans == null || !component.getName().startsWith("dev.parley.") || !providerContracts.isEmpty()) {
            return false;
        }
        bind(component, beans);
        return true;
    }

    @Override
    public void done() {
        // everything is bound when it is asked for
    }

    private <T> void bind(Class<T> type, Beans all) {
        Objects.requireNonNull(jersey)
                .register(Bindings.supplier(new FromBeans<>(type, all)).to(type).in(RequestScoped.class));
    }

    /** Makes an instance for a request, and destroys it at its end. */
    private static final class FromBeans<T> implements DisposableSupplier<T> {
        private final Class<T> type;
        private final Beans beans;

        private FromBeans(Class<T> type, Beans beans) {
            this.type = type;
            this.beans = beans;
        }

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
