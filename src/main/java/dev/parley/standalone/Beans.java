package dev.parley.standalone;

import dev.parley.frames.Components;
import dev.parley.grizzly.Resources;
import dev.parley.http.RestApplication;
import dev.parley.http.RestDiscovery;
import dev.parley.settings.Settings;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionTarget;
import jakarta.websocket.server.ServerEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.weld.context.RequestContext;
import org.jboss.weld.context.unbound.UnboundLiteral;
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
    private final RequestContext request;
    private final Map<Key, Runnable> created = new ConcurrentHashMap<>();

    /** Of classes, not of instances: Weld takes its time to look at a class, and half a kilobyte to remember it. */
    private final Map<Class<?>, InjectionTarget<?>> targets = new ConcurrentHashMap<>();

    /** Of who is a component of Jakarta REST. */
    private final Map<Class<?>, Optional<Bean<?>>> beansOf = new ConcurrentHashMap<>();

    private final RestDiscovery rest;
    private final RestInjections injections;

    private Beans(WeldContainer weld, Set<Class<?>> endpoints, RestDiscovery rest, RestInjections injections) {
        this.weld = weld;
        this.endpoints = endpoints;
        this.rest = rest;
        this.injections = injections;
        this.request =
                weld.select(RequestContext.class, UnboundLiteral.INSTANCE).get();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Weld takes annotation classes as an array of a generic type
    static Beans start(Settings settings, Additions additions) {
        Discovery discovery = new Discovery(settings, additions);
        RestDiscovery rest = new RestDiscovery();
        RestInjections injections = new RestInjections(rest);
        EndpointScan scan = new EndpointScan("parley-" + UUID.randomUUID(), discovery);
        Weld weld = scan.skipShutdownHook()
                .setClassLoader(additions.loader())
                .addBeanDefiningAnnotations(ServerEndpoint.class)
                .addBeanDefiningAnnotations(RestDiscovery.ANNOTATIONS.toArray(Class[]::new))
                .addBeanClasses(additions.beans().toArray(Class<?>[]::new))
                .addExtension(discovery)
                .addExtension(rest)
                .addExtension(injections);
        try {
            WeldContainer container = weld.initialize();
            discovery.warnOfNoBeans(container.getBeanManager());
            return new Beans(container, discovery.endpoints(), rest, injections);
        } catch (RuntimeException | Error e) {
            scan.abandon(e);
            throw e;
        }
    }

    /** A team's own applications of Jakarta REST. */
    List<RestApplication> applications() {
        return rest.applications(this::create);
    }

    RestInjections injections() {
        return injections;
    }

    /** Whether there is a bean that is this class, and not only of its type. */
    boolean isBean(Class<?> type) {
        return bean(type).isPresent();
    }

    /** An instance as its bean's scope has it; whoever asks for it destroys it, whatever that comes to. */
    <T> T reference(Class<T> type) {
        BeanManager manager = weld.getBeanManager();
        CreationalContext<?> context = manager.createCreationalContext(null);
        T instance = type.cast(manager.getReference(bean(type).orElseThrow(), type, context));
        created.put(new Key(instance), context::release);
        return instance;
    }

    private Optional<Bean<?>> bean(Class<?> type) {
        return beansOf.computeIfAbsent(
                type,
                unknown -> weld.getBeanManager().getBeans(type, Any.Literal.INSTANCE).stream()
                        .filter(bean -> bean.getBeanClass() == type)
                        .findFirst());
    }

    /** What was found that endpoints are deployed by: theirs, and those of {@code ServerApplicationConfig}. */
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

    /** Of a callback within another, say of a close within a message, the context is the outer one's. */
    @Override
    public void inRequest(Runnable callback) {
        if (request.isActive()) {
            callback.run();
            return;
        }
        request.activate();
        try {
            callback.run();
        } finally {
            endRequest();
        }
    }

    /** The same of a resource. */
    void answer(Resources.Answering answering) throws Exception {
        if (request.isActive()) {
            answering.run();
            return;
        }
        request.activate();
        try {
            answering.run();
        } finally {
            endRequest();
        }
    }

    private void endRequest() {
        request.invalidate();
        request.deactivate();
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
