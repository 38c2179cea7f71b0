package dev.parley.http;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The resources below {@code /api}. Standalone serves the same classes. */
@ApplicationPath(ApiApplication.PATH)
public class ApiApplication extends Application {
    public static final String PATH = "api";
    public static final Set<Class<?>> CLASSES = Set.of(
            ConnectionResource.class,
            DescriptionResource.class,
            DrainResource.class,
            PresenceResource.class,
            ProblemMapper.class,
            UsersResource.class);

    /** Jersey would make a relative Location absolute, by the name that a proxy gives the server. */
    public static final Map<String, Object> PROPERTIES = Stream.concat(
                    Map.<String, Object>of("jersey.config.server.headers.location.relative.resolution.disabled", true)
                            .entrySet()
                            .stream(),
                    TeamResources.OURS.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    @Override
    public Set<Class<?>> getClasses() {
        return CLASSES;
    }

    @Override
    public Map<String, Object> getProperties() {
        return PROPERTIES;
    }
}
