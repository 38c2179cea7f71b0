package dev.parley.http;

import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.Feature;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * An application of a team's own, where no application server reads its {@code @ApplicationPath}.
 *
 * @param path without slashes at its ends; empty for the root
 * @param unlisted classes that it has because it lists none
 * @param base tells its resources where they are
 */
public record RestApplication(String path, Application application, Set<Class<?>> unlisted, Object base) {
    /** @param all resources and providers that were found */
    @SuppressWarnings("deprecation") // an application may still list instances
    static RestApplication of(String path, Application application, Set<Class<?>> all) {
        boolean listsNone = application.getClasses().isEmpty()
                && application.getSingletons().isEmpty();
        return new RestApplication(
                path, application, listsNone ? all : Set.of(), new BasePath(path.isEmpty() ? "" : path + "/"));
    }

    /** Those that are found by {@link ServiceLoader}, ours among them (Jakarta REST 3.1, section 4.1.2). */
    public static List<Class<?>> features() {
        return ServiceLoader.load(Feature.class, RestApplication.class.getClassLoader()).stream()
                .<Class<?>>map(ServiceLoader.Provider::type)
                .toList();
    }

    @SuppressWarnings("deprecation") // as above
    boolean has(Class<?> component) {
        return unlisted.contains(component)
                || application.getClasses().contains(component)
                || application.getSingletons().stream().anyMatch(component::isInstance);
    }
}
