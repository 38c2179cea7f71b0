package dev.parley.standalone;

import dev.parley.frames.Components;
import dev.parley.settings.Settings;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionTarget;
import jakarta.websocket.server.ServerEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.jspecify.annotations.Nullable;

/**
 * The CDI container of one server: Weld looks through every jar and folder that has a {@code META-INF/beans.xml}, and no
 * others, and starts what observes the start of the application.
 */
final class Beans implements Components, AutoCloseable {
    private final WeldContainer weld;
    private final Set<Class<?>> endpoints;
    private final Map<Key, Runnable> created = new ConcurrentHashMap<>();

    /** Of classes, not of instances: Weld takes its time to look at a class, and half a kilobyte to remember it. */
    private final Map<Class<?>, InjectionTarget<?>> targets = new ConcurrentHashMap<>();

    private Beans(WeldContainer weld, Set<Class<?>> endpoints) {
        this.weld = weld;
        this.endpoints = endpoints;
    }

    @SuppressWarnings("unchecked") // Weld takes annotation classes as an array of a generic type
    static Beans start(Settings settings, List<Class<?>> furtherEndpoints) {
        Discovery discovery = new Discovery(settings, furtherEndpoints);
        Weld weld = new Weld("parley-" + UUID.randomUUID())
                .skipShutdownHook()
                .setClassLoader(Beans.class.getClassLoader())
                .addBeanDefiningAnnotations(ServerEndpoint.class)
                .addExtension(discovery);
        return new Beans(weld.initialize(), discovery.endpoints());
    }

    /** The endpoint classes that were found. */
    Set<Class<?>> endpoints() {
        return endpoints;
    }

    <T> T one(Class<T> type) {
        return weld.select(type).get();
    }

    @Override
    public <T> T create(Class<T> type) {
        InjectionTarget<T> target = target(type);
        CreationalContext<T> context = weld.getBeanManager().createCreationalContext(null);
        T instance = target.produce(context);
        target.inject(instance, context);
        target.postConstruct(instance);
        created.put(new Key(instance), () -> {
            target.preDestroy(instance);
            target.dispose(instance);
            context.release();
        });
        return instance;
    }

    @SuppressWarnings("unchecked") // under its class
    private <T> InjectionTarget<T> target(Class<T> type) {
        BeanManager manager = weld.getBeanManager();
        return (InjectionTarget<T>) targets.computeIfAbsent(
                type,
                unknown -> manager.getInjectionTargetFactory(manager.createAnnotatedType(type))
                        .createInjectionTarget(null));
    }

    @Override
    public boolean destroy(Object instance) {
        Runnable end = created.remove(new Key(instance));
        if (end != null) {
            end.run();
        }
        return end != null;
    }

    @Override
    public void close() {
        if (weld.isRunning()) {
            weld.shutdown();
        }
    }

    /** An instance by its identity: it may have an {@code equals} of its own. */
    private record Key(Object instance) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.instance == instance;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(instance);
        }
    }
}
