package dev.parley.endpoint;

import dev.parley.security.HandshakeProperties;
import dev.parley.security.HandshakeSender;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Optional;

/**
 * The Configurator of every endpoint that joins its sessions to channels: it lets {@link ChannelSessions} find the
 * endpoint's Encoders and Decoders, and hands on to the session who has sent its handshake. Origin, Host and limits are not
 * decided here but by the guard at the door, since a Configurator sees neither Host nor address, and the containers answer
 * its refusal with different codes.
 */
public class ParleyConfigurator extends ServerEndpointConfig.Configurator {
    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        config.getUserProperties().put(HandshakeProperties.CONFIG, config);
        HandshakeSender.current()
                .ifPresent(sender -> config.getUserProperties().put(HandshakeProperties.SENDER, sender));
    }

    @Override
    public boolean checkOrigin(String origin) {
        return true;
    }

    /** The first of the client's that the endpoint speaks; the empty text when there is none. */
    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
        Optional<String> common =
                requested.stream().map(String::trim).filter(supported::contains).findFirst();
        return common.orElse("");
    }
}
