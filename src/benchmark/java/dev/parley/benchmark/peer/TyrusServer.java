package dev.parley.benchmark.peer;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.tyrus.container.grizzly.server.WebSocketAddOn;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** Tyrus on Grizzly, with endpoints as everybody writes them. */
public final class TyrusServer {
    private static final int BACKLOG = 4096;

    private TyrusServer() {}

    public static void main(String[] args) throws DeploymentException, IOException, InterruptedException {
        Container container = new Container();
        container.start("/", 0);
        HttpServer server = new HttpServer();
        NetworkListener listener = new NetworkListener("benchmark", "127.0.0.1", 0);
        listener.getTransport().setServerConnectionBackLog(BACKLOG);
        listener.getKeepAlive().setIdleTimeoutInSeconds(-1);
        listener.registerAddOn(new WebSocketAddOn(container, "/"));
        server.addListener(listener);
        server.start();
        Lifeline.serving(listener.getPort());
    }

    /** Its own containers listen on every address. */
    private static final class Container extends TyrusServerContainer {
        private final TyrusWebSocketEngine engine =
                TyrusWebSocketEngine.builder(this).build();

        Container() {
            super(Set.of(JakartaRoom.Room.class, JakartaRoom.Publish.class, JakartaRoom.Echo.class));
        }

        @Override
        public void register(Class<?> endpointClass) throws DeploymentException {
            engine.register(endpointClass, "/");
        }

        @Override
        public void register(ServerEndpointConfig config) throws DeploymentException {
            engine.register(config, "/");
        }

        @Override
        public WebSocketEngine getWebSocketEngine() {
            return engine;
        }

        @Override
        public Map<String, Object> getProperties() {
            return Map.of();
        }
    }
}
