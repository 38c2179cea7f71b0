package dev.parley.websocket;

import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Optional;

/**
 * The Configurator of every endpoint that joins its sessions to channels: it lets {@link ChannelSessions} find the
 * endpoint's Encoders and Decoders. Origin, Host and limits are not decided here but by the guard at the door, since a
 * Configurator sees neither Host nor address, and the containers answer its refusal with different codes.
 */
public class ParleyConfigurator extends ServerEndpointConfig.Configurator {
    /**
     * Says the same for every session of an endpoint, so it may stand in properties that handshakes share; but it need
     * not be the same object: Tyrus wraps it anew for each handshake.
     */
    static final String CONFIG = "dev.parley.endpoint-config";

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        config.getUserProperties().put(CONFIG, config);
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
