package dev.parley.signatures;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** Is there, and not deployed: {@link Programmed} leaves it out. */
@ServerEndpoint("/left-out")
public class LeftOutEndpoint {
    @OnMessage
    public String message(String text) {
        return text;
    }
}
