package dev.parley.frames;

import dev.parley.connection.Transport;
import dev.parley.websocket.TransportProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.websocket.Session;

/**
 * Frames of our own making for the sessions that Grizzly carries: {@link EndpointEngine} lets no extension of Tyrus
 * have a say in them.
 */
@ApplicationScoped
public class FrameTransportProvider implements TransportProvider {
    @Override
    public Transport of(Session session, Transport usual) {
        return FrameTransport.ofOpening(usual);
    }
}
