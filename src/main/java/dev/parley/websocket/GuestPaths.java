package dev.parley.websocket;

import dev.parley.endpoint.GuestsAllowed;
import dev.parley.security.GuestDoors;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The paths of the endpoints with {@link GuestsAllowed}, as CDI finds them. */
public class GuestPaths implements Extension, GuestDoors {
    private static final String SEPARATOR = "/";

    private final Set<List<String>> templates = ConcurrentHashMap.newKeySet();

    <T> void found(@Observes @WithAnnotations(GuestsAllowed.class) ProcessAnnotatedType<T> type) {
        Class<T> found = type.getAnnotatedType().getJavaClass();
        ServerEndpoint endpoint = found.getAnnotation(ServerEndpoint.class);
        if (endpoint != null && found.isAnnotationPresent(GuestsAllowed.class)) {
            open(endpoint.value());
        }
    }

    void open(String template) {
        templates.add(segments(template));
    }

    @Override
    public boolean isOpen(String path) {
        List<String> segments = segments(path);
        return templates.stream().anyMatch(template -> matches(template, segments));
    }

    private static boolean matches(List<String> template, List<String> path) {
        if (template.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            boolean fits = template.get(i).startsWith("{")
                    ? !path.get(i).isEmpty()
                    : template.get(i).equals(path.get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.split(SEPARATOR, -1));
    }
}
