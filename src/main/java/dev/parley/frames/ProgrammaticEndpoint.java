package dev.parley.frames;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.Objects;

/** Stands for the instances of a class that is an {@link Endpoint}: calls the one of each session. Thread-safe. */
final class ProgrammaticEndpoint extends Endpoint {
    private final Class<?> type;
    private final EndpointInstances instances;
    private final EndpointErrors errors;

    ProgrammaticEndpoint(Class<?> type, EndpointInstances instances, EndpointErrors errors) {
        this.type = type;
        this.instances = instances;
        this.errors = errors;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        instance(session).onOpen(session, config);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        instance(session).onClose(session, reason);
    }

    @Override
    public void onError(Session session, Throwable failure) {
        errors.failed(session, failure);
    }

    private Endpoint instance(Session session) {
        return (Endpoint) Objects.requireNonNull(instances.get(type, session));
    }
}
