package dev.parley.standalone;

import dev.parley.http.ApiApplication;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpContainer;
import org.glassfish.jersey.server.ContainerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.model.Resource;

/**
 * The Jakarta REST resources on Jersey. What are several applications in the WAR, each below its own path, is one here:
 * each would cost its share of the start.
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
        config.addProperties(ApiApplication.PROPERTIES);
        classes.forEach((path, ofPath) -> ofPath.forEach(type -> register(config, path, type)));
        this.jersey =
                CdiResources.with(beans, () -> ContainerFactory.createContainer(GrizzlyHttpContainer.class, config));
        this.paths = Set.copyOf(classes.keySet());
        jersey.start();
    }

    /** Whether the path, decoded, is for a resource and not for a file. */
    boolean handles(String path) {
        int end = path.indexOf('/', 1);
        return paths.contains(path.substring(1, end < 0 ? path.length() : end));
    }

    /** The answers are small and in memory as they are: they are queued whole. */
    void service(Request request, Response response) throws Exception {
        // Else a worker would wait, in writing, until a client has taken some of what is queued for it
        request.getContext().getConnection().setMaxAsyncWriteQueueSize(AsyncQueueWriter.UNLIMITED_SIZE);
        jersey.service(request, response);
    }

    void stop() {
        jersey.destroy();
    }

    private static void register(ResourceConfig config, String path, Class<?> type) {
        Resource resource = Resource.from(type);
        if (resource == null) {
            config.register(type);
        } else {
            config.registerResources(Resource.builder(resource)
                    .path(path + "/" + resource.getPath().replaceFirst("^/", ""))
                    .build());
        }
    }
}
