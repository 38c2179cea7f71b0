package dev.parley.standalone;

import dev.parley.grizzly.Resources;
import dev.parley.http.ApiApplication;
import dev.parley.http.FailureMapper;
import dev.parley.http.HealthApplication;
import dev.parley.http.JsonBodies;
import dev.parley.http.RestApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.message.internal.HeaderValueException;
import org.glassfish.jersey.server.ContainerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.model.Resource;

/**
 * The Jakarta REST resources on Jersey. What are several applications of ours in the WAR, each below its own path, is one
 * here: each would cost its share of the start. A team's own are one each, with its own providers, as there.
 */
final class JerseyResources implements Resources {
    private static final Map<String, Set<Class<?>>> OURS = Map.of(
            ApiApplication.PATH, ApiApplication.CLASSES,
            HealthApplication.PATH, HealthApplication.CLASSES);

    private final ResourceConfig config;
    private final Set<String> paths;
    private final boolean foreign;
    private final Beans beans;

    private JerseyResources(ResourceConfig config, Set<String> paths, boolean foreign, Beans beans) {
        this.config = config;
        this.paths = paths;
        this.foreign = foreign;
        this.beans = beans;
        config.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        // Else Grizzly would answer a 404 of ours with a page of its own
        config.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
    }

    /** Ours, and those that were found. */
    static List<Resources> all(Beans beans) {
        List<Resources> all = new ArrayList<>();
        all.add(ours(beans));
        for (RestApplication application : beans.applications()) {
            ResourceConfig config = ResourceConfig.forApplication(application.application());
            application.unlisted().forEach(config::register);
            features(config);
            config.register(application.base());
            config.register(new FailureMapper(JerseyResources::isUnreadable));
            config.register(new JsonBodies());
            all.add(new JerseyResources(config, Set.of(application.path()), true, beans));
        }
        return all;
    }

    /** Of the loader of these classes: Jersey by itself would take those of another that has them too. */
    private static void features(ResourceConfig config) {
        config.property(CommonProperties.JAXRS_SERVICE_LOADING_ENABLE, false);
        RestApplication.features().stream()
                .filter(feature -> !config.isRegistered(feature))
                .forEach(config::register);
    }

    private static boolean isUnreadable(Throwable failure) {
        return failure instanceof HeaderValueException wrong
                && wrong.getContext() == HeaderValueException.Context.INBOUND;
    }

    private static JerseyResources ours(Beans beans) {
        ResourceConfig config = new ResourceConfig();
        config.addProperties(ApiApplication.PROPERTIES);
        OURS.forEach((path, ofPath) -> ofPath.forEach(type -> register(config, path, type)));
        return new JerseyResources(config, OURS.keySet(), false, beans);
    }

    @Override
    public Set<String> paths() {
        return paths;
    }

    @Override
    public boolean areForeign() {
        return foreign;
    }

    @Override
    public <T> T as(Class<T> handler) {
        return CdiResources.with(beans, () -> ContainerFactory.createContainer(handler, config));
    }

    /** Ours have nothing whose scope is a request. */
    @Override
    public void within(Answering answering) throws Exception {
        if (foreign) {
            beans.answer(answering);
        } else {
            answering.run();
        }
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
