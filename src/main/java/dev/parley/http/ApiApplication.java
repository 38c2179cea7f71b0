package dev.parley.http;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The resources below {@code /api}. Standalone serves the same classes. */
@ApplicationPath(ApiApplication.PATH)
public class ApiApplication extends Application {
    public static final String PATH = "api";
    public static final Set<Class<?>> CLASSES = Set.of(ContentResource.class, DrainResource.class, UsersResource.class);

    @Override
    public Set<Class<?>> getClasses() {
        return CLASSES;
    }
}
