package dev.parley.signatures;

import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.security.Principal;

/** Says who it takes its client for. */
@ServerEndpoint(value = "/who", configurator = WhoEndpoint.Roles.class)
public class WhoEndpoint {
    private static final String ROLE = "trader";

    public static class Roles extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            config.getUserProperties().put(ROLE, request.isUserInRole(ROLE));
        }
    }

    @OnMessage
    public String who(String asked, Session session) {
        Principal user = session.getUserPrincipal();
        boolean trades = Boolean.TRUE.equals(session.getUserProperties().get(ROLE));
        return (user == null ? "nobody" : user.getName()) + (trades ? " " + ROLE : "");
    }
}
