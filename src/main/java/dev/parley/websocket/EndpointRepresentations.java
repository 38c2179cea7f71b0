package dev.parley.websocket;

import dev.parley.connection.Connections;
import dev.parley.endpoint.ParleyConfigurator;
import dev.parley.protocol.Push;
import dev.parley.security.HandshakeProperties;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What endpoints have of their own between them and the channels: one set of Encoders and Decoders an endpoint, and one
 * representation an endpoint and type, shared by all sessions. Thread-safe.
 */
final class EndpointRepresentations {
    private final Connections connections;
    private final CodecInstances instances;
    private final Map<Key, EncoderRepresentation> representations = new ConcurrentHashMap<>();
    private final Map<String, EndpointCodecs> codecs = new ConcurrentHashMap<>();

    private record Key(String endpoint, Class<?> type) {}

    EndpointRepresentations(Connections connections, CodecInstances instances) {
        this.connections = connections;
        this.instances = instances;
    }

    /** @throws IllegalStateException when the endpoint has another configurator than {@link ParleyConfigurator} */
    static ServerEndpointConfig config(Session session) {
        if (session.getUserProperties().get(HandshakeProperties.CONFIG) instanceof ServerEndpointConfig config) {
            return config;
        }
        throw new IllegalStateException("The endpoint's configurator must be ParleyConfigurator");
    }

    /** As the log names it. */
    static Name name(Session session) {
        String endpoint =
                session.getUserProperties().get(HandshakeProperties.CONFIG) instanceof ServerEndpointConfig config
                        ? "The endpoint " + config.getEndpointClass().getName()
                        : "An endpoint whose configurator is not ParleyConfigurator";
        return new Name(endpoint, session.getId());
    }

    /** An endpoint and one of its sessions. */
    record Name(String endpoint, String session) {}

    EncoderRepresentation of(Session session, Class<?> type, Function<Push, ? extends Optional<?>> mapping) {
        ServerEndpointConfig config = config(session);
        EndpointCodecs shared = codecs(session);
        return representations.computeIfAbsent(
                new Key(config.getPath(), type),
                key -> new EncoderRepresentation(
                        shared,
                        mapping,
                        connections.foreign(config.getEndpointClass().getName())));
    }

    /** Made under no lock, since it calls the team's code; of two that come first at once one is kept. */
    EndpointCodecs codecs(Session session) {
        ServerEndpointConfig config = config(session);
        EndpointCodecs known = codecs.get(config.getPath());
        if (known != null) {
            // The session's own would keep the handshake's properties for as long as it lives
            session.getUserProperties().put(HandshakeProperties.CONFIG, known.config());
            return known;
        }
        EndpointCodecs made = new EndpointCodecs(shared(config), instances);
        EndpointCodecs earlier = codecs.putIfAbsent(config.getPath(), made);
        return earlier == null ? made : earlier;
    }

    /** Without what is the handshake's own: it outlives the session. */
    private static ServerEndpointConfig shared(ServerEndpointConfig config) {
        ServerEndpointConfig shared = ServerEndpointConfig.Builder.create(config.getEndpointClass(), config.getPath())
                .configurator(config.getConfigurator())
                .encoders(config.getEncoders())
                .decoders(config.getDecoders())
                .subprotocols(config.getSubprotocols())
                .extensions(config.getExtensions())
                .build();
        shared.getUserProperties().putAll(config.getUserProperties());
        shared.getUserProperties().keySet().removeAll(HandshakeProperties.ALL);
        return shared;
    }
}
