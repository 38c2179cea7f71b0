package dev.parley.standalone;

import dev.parley.http.RestDiscovery;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.InjectionTarget;
import jakarta.enterprise.inject.spi.ProcessInjectionTarget;
import jakarta.inject.Inject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.glassfish.hk2.api.ClassAnalyzer;
import org.glassfish.jersey.internal.inject.Bindings;
import org.glassfish.jersey.internal.inject.InjectionManager;
import org.jspecify.annotations.Nullable;

/**
 * What CDI makes for Jersey is given by Jersey what CDI does not know: {@code @Context}, {@code @PathParam} and the like in
 * fields and setters. Of a class that two applications have, by the one that was built last.
 */
final class RestInjections implements Extension {
    private static final String JERSEYS_OWN = "dev.parley.jersey";

    private final RestDiscovery discovery;
    private final Map<Class<?>, InjectionManager> managers = new ConcurrentHashMap<>();

    RestInjections(RestDiscovery discovery) {
        this.discovery = discovery;
    }

    /** Before the first instance of it is made. */
    void know(Class<?> component, InjectionManager manager) {
        if (discovery.has(component)) {
            managers.put(component, manager);
            if (manager.getInstance(ClassAnalyzer.class, JERSEYS_OWN) == null) {
                ClassAnalyzer all = manager.getInstance(ClassAnalyzer.class, ClassAnalyzer.DEFAULT_IMPLEMENTATION_NAME);
                manager.register(Bindings.service(new JerseysOwn(all))
                        .analyzeWith(ClassAnalyzer.DEFAULT_IMPLEMENTATION_NAME)
                        .to(ClassAnalyzer.class)
                        .named(JERSEYS_OWN));
            }
        }
    }

    <T> void found(@Observes ProcessInjectionTarget<T> event) {
        Class<T> type = event.getAnnotatedType().getJavaClass();
        if (discovery.has(type)) {
            event.setInjectionTarget(new Both<>(event.getInjectionTarget(), type));
        }
    }

    private final class Both<T> implements InjectionTarget<T> {
        private final InjectionTarget<T> cdi;
        private final Class<T> type;

        Both(InjectionTarget<T> cdi, Class<T> type) {
            this.cdi = cdi;
            this.type = type;
        }

        @Override
        public void inject(T instance, CreationalContext<T> context) {
            cdi.inject(instance, context);
            InjectionManager manager = managers.get(type);
            if (manager != null) {
                manager.inject(instance, JERSEYS_OWN);
            }
        }

        @Override
        public T produce(CreationalContext<T> context) {
            return cdi.produce(context);
        }

        @Override
        public void postConstruct(T instance) {
            cdi.postConstruct(instance);
        }

        @Override
        public void preDestroy(T instance) {
            cdi.preDestroy(instance);
        }

        @Override
        public void dispose(T instance) {
            cdi.dispose(instance);
        }

        @Override
        public Set<InjectionPoint> getInjectionPoints() {
            return cdi.getInjectionPoints();
        }
    }

    /** What CDI has injected is left alone. */
    private record JerseysOwn(ClassAnalyzer all) implements ClassAnalyzer {
        @Override
        public <T> Constructor<T> getConstructor(Class<T> type) throws NoSuchMethodException {
            return all.getConstructor(type);
        }

        @Override
        public <T> Set<Method> getInitializerMethods(Class<T> type) {
            return notOfCdi(all.getInitializerMethods(type));
        }

        @Override
        public <T> Set<Field> getFields(Class<T> type) {
            return notOfCdi(all.getFields(type));
        }

        @Override
        public <T> @Nullable Method getPostConstructMethod(Class<T> type) {
            return null;
        }

        @Override
        public <T> @Nullable Method getPreDestroyMethod(Class<T> type) {
            return null;
        }

        private static <E extends AnnotatedElement> Set<E> notOfCdi(Set<E> elements) {
            return elements.stream()
                    .filter(element -> !element.isAnnotationPresent(Inject.class))
                    .collect(Collectors.toSet());
        }
    }
}
