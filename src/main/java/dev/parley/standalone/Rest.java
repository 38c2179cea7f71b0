package dev.parley.standalone;

import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpContainer;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.internal.inject.DisposableSupplier;
import org.glassfish.jersey.process.internal.RequestScoped;
import org.glassfish.jersey.server.ContainerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.model.Resource;

/**
 * The Jakarta REST resources on Jersey, made by CDI, one of each for a request. What are several applications in the WAR,
 * each below its own path, is one here: each would cost its share of the start.
 */
final class Rest {
    private final GrizzlyHttpContainer jersey;
    private final Set<String> paths;

    /** Resource and provider classes by the path they are below, without slashes. */
    Rest(Map<String, Set<Class<?>>> classes, Beans beans) {
        ResourceConfig config = new ResourceConfig();
        config.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        // Else Grizzly would answer a 404 of ours with a page of its own
        config.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        classes.forEach((path, ofPath) -> ofPath.forEach(type -> register(config, path, type, beans)));
        this.jersey = ContainerFactory.createContainer(GrizzlyHttpContainer.class, config);
        this.paths = Set.copyOf(classes.keySet());
        jersey.start();
    }

    /** Whether the path, decoded, is for a resource and not for a file. */
    boolean handles(String path) {
        int end = path.indexOf('/', 1);
        return paths.contains(path.substring(1, end < 0 ? path.length() : end));
    }

    void service(Request request, Response response) throws Exception {
        jersey.service(request, response);
    }

    void stop() {
        jersey.destroy();
    }

    private static <T> void register(ResourceConfig config, String path, Class<T> type, Beans beans) {
        Resource resource = Resource.from(type);
        if (resource == null) {
            config.register(type);
            return;
        }
        config.registerResources(
                Resource.builder(resource).path(below(path, resource)).build());
        config.register(new AbstractBinder() {
            @Override
            protected void configure() {
                bindFactory(new FromBeans<>(type, beans)).to(type).in(RequestScoped.class);
            }
        });
    }

    private static String below(String path, Resource resource) {
        return path + "/" + resource.getPath().replaceFirst("^/", "");
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
