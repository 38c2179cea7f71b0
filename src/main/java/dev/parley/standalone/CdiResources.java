package dev.parley.standalone;

import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.Supplier;
import org.glassfish.jersey.internal.inject.Bindings;
import org.glassfish.jersey.internal.inject.CustomAnnotationLiteral;
import org.glassfish.jersey.internal.inject.DisposableSupplier;
import org.glassfish.jersey.internal.inject.InjectionManager;
import org.glassfish.jersey.internal.inject.SupplierInstanceBinding;
import org.glassfish.jersey.process.internal.RequestScoped;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.spi.ComponentProvider;
import org.jspecify.annotations.Nullable;

/**
 * Has resources and providers made by CDI: as the scope of their bean says, and what has none (resources one for a request,
 * providers one of each) is destroyed when Jersey needs it no more.
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
        if (beans == null || injections == null) {
            return false;
        }
        if (!beans.isBean(component)) {
            return false;
        }
        beans.injections().know(component, injections);
        bind(injections, new FromBeans<>(component, beans), providerContracts);
        return true;
    }

    @Override
    public void done() {}

    private static <T> void bind(InjectionManager injections, FromBeans<T> made, Set<Class<?>> contracts) {
        SupplierInstanceBinding<T> binding = Bindings.supplier(made).to(made.type());
        if (Resource.from(made.type()) != null) {
            injections.register(binding.in(RequestScoped.class));
        } else {
            contracts.forEach(binding::to);
            injections.register(
                    binding.qualifiedBy(CustomAnnotationLiteral.INSTANCE).in(Singleton.class));
        }
    }

    private record FromBeans<T>(Class<T> type, Beans beans) implements DisposableSupplier<T> {
        @Override
        public T get() {
            return beans.reference(type);
        }

        @Override
        public void dispose(T instance) {
            beans.destroy(instance);
        }
    }
}
