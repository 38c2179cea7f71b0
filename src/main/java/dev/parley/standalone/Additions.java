package dev.parley.standalone;

import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What a server is given beside its settings and what it finds.
 *
 * @param classes endpoints and beans that are in no jar or folder with a {@code META-INF/beans.xml}
 * @param time by which messages are stamped and their age is judged; empty: the database's, or this machine's
 * @param loader where endpoints and beans are looked for; it sees the server's own classes
 */
public record Additions(List<Class<?>> classes, Optional<InstantSource> time, ClassLoader loader) {
    public Additions {
        classes = List.copyOf(classes);
    }

    static Additions of(Class<?>... classes) {
        return new Additions(List.of(classes), Optional.empty(), Additions.class.getClassLoader());
    }

    /** No classes, and the server's own time. */
    static Additions from(ClassLoader loader) {
        return new Additions(List.of(), Optional.empty(), loader);
    }

    List<Class<?>> endpoints() {
        return classes.stream().filter(Additions::isEndpoint).toList();
    }

    List<Class<?>> beans() {
        return classes.stream().filter(type -> !isEndpoint(type)).toList();
    }

    private static boolean isEndpoint(Class<?> type) {
        return type.isAnnotationPresent(ServerEndpoint.class)
                || Endpoint.class.isAssignableFrom(type)
                || ServerApplicationConfig.class.isAssignableFrom(type);
    }
}
