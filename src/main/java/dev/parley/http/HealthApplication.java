package dev.parley.http;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/**
 * The resources below {@code /health}. An application of its own: one below the root would take the pages from the
 * application server.
 */
@ApplicationPath(HealthApplication.PATH)
public class HealthApplication extends Application {
    public static final String PATH = "health";
    public static final Set<Class<?>> CLASSES = Set.of(HealthResource.class);

    @Override
    public Set<Class<?>> getClasses() {
        return CLASSES;
    }

    @Override
    public Map<String, Object> getProperties() {
        return TeamResources.OURS;
    }
}
