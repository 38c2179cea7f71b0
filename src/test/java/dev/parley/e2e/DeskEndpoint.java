package dev.parley.e2e;

import dev.parley.endpoint.ChannelSessions;
import dev.parley.endpoint.ParleyConfigurator;
import dev.parley.protocol.Start;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Optional;
import java.util.concurrent.Future;

/** A team's own endpoint: it tells who its user is. */
@ServerEndpoint(value = "/desk/{name}", configurator = ParleyConfigurator.class)
public class DeskEndpoint {
    @Inject
    ChannelSessions sessions;

    @OnOpen
    public void open(Session session, @PathParam("name") String name) {
        sessions.join(session, Start.now("desk." + name), Object.class, push -> Optional.empty())
                .thenRun(() -> tell(session));
    }

    private void tell(Session session) {
        String user = sessions.identity(session).orElseThrow().user();
        Future<Void> unused = session.getAsyncRemote().sendText("{\"user\":\"" + user + "\"}");
    }

    @OnClose
    public void close(Session session) {
        sessions.leave(session);
    }
}
