package dev.parley.standalone;

import dev.parley.connection.Transport;
import dev.parley.websocket.WayOut;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.websocket.Session;
import java.util.Optional;

/** Frames of our own making for the sessions that Grizzly carries; not where an extension has a say in them. */
@ApplicationScoped
public class FrameWayOut implements WayOut {
    @Override
    public Transport of(Session session, Transport usual) {
        Optional<WebSocketWriter> writer = WebSocketWriter.opening();
        return writer.isPresent() && session.getNegotiatedExtensions().isEmpty()
                ? new FrameTransport(writer.get(), usual)
                : usual;
    }
}
