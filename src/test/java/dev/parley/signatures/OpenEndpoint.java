package dev.parley.signatures;

import dev.parley.endpoint.GuestsAllowed;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/** Is open to guests wherever it stands. */
@GuestsAllowed
@ServerEndpoint("/open/{room}")
public class OpenEndpoint {
    @OnMessage
    public String message(String text, Session session) {
        return text + " " + session.getUserPrincipal();
    }
}
