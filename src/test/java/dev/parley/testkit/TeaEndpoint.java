package dev.parley.testkit;

import dev.parley.endpoint.ParleyConfigurator;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;

/** Says what it is told, of a kind of tea; bytes in the other order. */
@ServerEndpoint(value = "/tea/{kind}", configurator = ParleyConfigurator.class)
public class TeaEndpoint {
    @OnMessage
    public String text(Session session, String text, @PathParam("kind") String kind) throws IOException {
        if (text.equals("end")) {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(4_321), "as you like"));
        }
        return kind + ": " + text;
    }

    @OnMessage
    public byte[] bytes(byte[] bytes) {
        byte[] other = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            other[i] = bytes[bytes.length - 1 - i];
        }
        return other;
    }
}
