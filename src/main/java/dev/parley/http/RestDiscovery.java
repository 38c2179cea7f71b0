package dev.parley.http;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Notes a team's own applications, resources and providers of Jakarta REST as CDI finds them, where no application server
 * looks for them. An application that lists nothing has all of them (Jakarta REST 3.1, section 2.3.2).
 */
public final class RestDiscovery implements Extension {
    /** What has one is a bean. */
    public static final Set<Class<? extends Annotation>> ANNOTATIONS =
            Set.of(Path.class, Provider.class, ApplicationPath.class);

    private static final System.Logger LOGGER = System.getLogger(RestDiscovery.class.getName());

    private final Set<Class<?>> components = new LinkedHashSet<>();
    private final Set<Class<? extends Application>> applications = new LinkedHashSet<>();

    <T> void found(
            @Observes @WithAnnotations({Path.class, Provider.class, ApplicationPath.class})
                    ProcessAnnotatedType<T> event) {
        Class<T> type = event.getAnnotatedType().getJavaClass();
        if (TeamResources.areOurs(type) || type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            return;
        }
        if (Application.class.isAssignableFrom(type) && type.isAnnotationPresent(ApplicationPath.class)) {
            applications.add(type.asSubclass(Application.class));
        } else if (type.isAnnotationPresent(Provider.class) || isResource(type)) {
            components.add(type);
        }
    }

    /** The annotation may stand on what the class implements or extends. */
    private static boolean isResource(Class<?> type) {
        return type.isAnnotationPresent(Path.class)
                || Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                        .anyMatch(RestDiscovery::isResource);
    }

    /** Whether it was found, and is made by CDI. */
    public boolean has(Class<?> component) {
        return components.contains(component);
    }

    /**
     * The applications, each once.
     *
     * @param create makes an instance of an application's class
     * @throws IllegalArgumentException with a sentence, for one whose path is another's, or one of ours
     */
    public List<RestApplication> applications(Function<Class<? extends Application>, Application> create) {
        Map<String, Class<?>> byPath = new TreeMap<>();
        List<RestApplication> found = new ArrayList<>();
        for (Class<? extends Application> type : applications) {
            String path = path(type);
            Class<?> other = byPath.put(path, type);
            if (other != null) {
                throw new IllegalArgumentException(
                        type.getName() + " and " + other.getName() + " are both at the path \"/" + path + "\".");
            }
            found.add(RestApplication.of(path, create.apply(type), Set.copyOf(components)));
        }
        components.stream()
                .filter(component -> isResource(component) && found.stream().noneMatch(one -> one.has(component)))
                .forEach(component -> LOGGER.log(
                        System.Logger.Level.WARNING,
                        "{0} is not served: no Application with @ApplicationPath has it.",
                        component.getName()));
        return found;
    }

    private static String path(Class<?> type) {
        String path = type.getAnnotation(ApplicationPath.class).value();
        String inner = path.replaceFirst("/\\*$", "").replaceFirst("^/+", "").replaceFirst("/+$", "");
        if (RequestTarget.isOurs("/" + inner)) {
            throw new IllegalArgumentException(
                    type.getName() + " is at the path \"/" + inner + "\", which is Parley's own.");
        }
        if (RequestTarget.parse("/" + inner, null)
                .filter(RequestTarget::isPlain)
                .isEmpty()) {
            throw new IllegalArgumentException(
                    type.getName() + " is at \"" + path + "\", which is no path of a URL with only one reading.");
        }
        return inner;
    }
}
