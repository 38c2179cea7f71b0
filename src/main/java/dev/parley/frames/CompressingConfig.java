package dev.parley.frames;

import jakarta.websocket.Decoder;
import jakarta.websocket.Encoder;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A team's own configuration of an endpoint, and that the server can compress its messages: whether it does is up to its
 * Configurator.
 */
record CompressingConfig(ServerEndpointConfig own) implements ServerEndpointConfig {
    @Override
    public List<Extension> getExtensions() {
        return Stream.concat(own.getExtensions().stream(), Stream.of(ExtensionAgreement.DEFLATE))
                .toList();
    }

    @Override
    public Class<?> getEndpointClass() {
        return own.getEndpointClass();
    }

    @Override
    public String getPath() {
        return own.getPath();
    }

    @Override
    public List<String> getSubprotocols() {
        return own.getSubprotocols();
    }

    @Override
    public Configurator getConfigurator() {
        return own.getConfigurator();
    }

    @Override
    public List<Class<? extends Encoder>> getEncoders() {
        return own.getEncoders();
    }

    @Override
    public List<Class<? extends Decoder>> getDecoders() {
        return own.getDecoders();
    }

    @Override
    public Map<String, Object> getUserProperties() {
        return own.getUserProperties();
    }
}
