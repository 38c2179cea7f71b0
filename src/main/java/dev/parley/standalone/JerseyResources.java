package dev.parley.standalone;

import dev.parley.grizzly.Resources;
import dev.parley.http.ApiApplication;
import java.util.Map;
import java.util.Set;
import org.glassfish.jersey.server.ContainerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.model.Resource;

/**
 * The Jakarta REST resources on Jersey. What are several applications in the WAR, each below its own path, is one here:
 * each would cost its share of the start.
 */
final class JerseyResources implements Resources {
    private final ResourceConfig config = new ResourceConfig();
    private final Set<String> paths;
    private final Beans beans;

    /** Resource and provider classes by the path they are below, without slashes. */
    JerseyResources(Map<String, Set<Class<?>>> classes, Beans beans) {
        this.paths = Set.copyOf(classes.keySet());
        this.beans = beans;
        config.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        // Else Grizzly would answer a 404 of ours with a page of its own
        config.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        config.addProperties(ApiApplication.PROPERTIES);
        classes.forEach((path, ofPath) -> ofPath.forEach(type -> register(config, path, type)));
    }

    @Override
    public Set<String> paths() {
        return paths;
    }

    @Override
    public <T> T as(Class<T> handler) {
        return CdiResources.with(beans, () -> ContainerFactory.createContainer(handler, config));
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
