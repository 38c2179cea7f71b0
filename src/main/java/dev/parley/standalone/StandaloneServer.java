package dev.parley.standalone;

import dev.parley.frames.CdiComponents;
import dev.parley.frames.Endpoints;
import dev.parley.grizzly.CloseTimeouts;
import dev.parley.grizzly.GrizzlyServer;
import dev.parley.http.ApiApplication;
import dev.parley.http.ApiDispatcher;
import dev.parley.http.HealthApplication;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.SharedBudget;
import dev.parley.server.NodeReport;
import dev.parley.settings.Settings;
import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The server as one process, or one of several in it: Weld holds the beans, Tyrus the endpoints, Jersey the resources,
 * Grizzly the port. Endpoints and beans are found in whatever jar or folder has a {@code META-INF/beans.xml}.
 *
 * <pre>{@code
 * try (StandaloneServer server = StandaloneServer.start(Map.of("parley.port", "0"))) {
 *     connectTo(server.webSocket("/echo"));
 * }
 * }</pre>
 */
public final class StandaloneServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(StandaloneServer.class.getName());

    private final Settings settings;
    private final Beans beans;
    private final Endpoints endpoints;
    private final GrizzlyServer port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StandaloneServer(Settings settings, CloseTimeouts timeouts, Beans beans)
            throws DeploymentException, IOException {
        this.settings = settings;
        this.beans = beans;
        JerseyResources rest = new JerseyResources(
                Map.of(
                        ApiApplication.PATH, ApiApplication.CLASSES,
                        HealthApplication.PATH, HealthApplication.CLASSES),
                beans);
        this.endpoints = CdiComponents.with(beans, () -> new Endpoints(beans.endpoints(), settings.limits()));
        endpoints.deploy();
        this.port = new GrizzlyServer(
                settings,
                timeouts,
                new GrizzlyServer.Parts(
                        beans.one(Guard.class),
                        beans.one(CredentialsReader.class),
                        beans.one(SharedBudget.class),
                        endpoints.getWebSocketEngine(),
                        beans.one(ApiDispatcher.class),
                        rest));
    }

    /** Starts with these settings, which go before system properties, environment variables and the file of settings. */
    public static StandaloneServer start(Map<String, String> settings) {
        return start(StandaloneSettings.read(settings, Optional.empty()));
    }

    /**
     * Starts; when this returns, clients are served.
     *
     * @param furtherEndpoints {@code @ServerEndpoint} classes beside those that are found
     * @throws StartException when it cannot, with nothing left running
     */
    public static StandaloneServer start(Settings settings, Class<?>... furtherEndpoints) {
        return start(settings, CloseTimeouts.DEFAULTS, furtherEndpoints);
    }

    static StandaloneServer start(Settings settings, CloseTimeouts timeouts, Class<?>... furtherEndpoints) {
        // What holds a port may be another Parley, which holds the database too: that is not the first thing to tell
        // then
        try {
            GrizzlyServer.checkPorts(settings.listen());
        } catch (IOException e) {
            throw cannotListen(e);
        }
        Beans beans = beans(settings, furtherEndpoints);
        try {
            return new StandaloneServer(settings, timeouts, beans);
        } catch (DeploymentException e) {
            beans.close();
            throw new StartException("An endpoint cannot be deployed: " + e.getMessage(), e);
        } catch (IOException e) {
            beans.close();
            throw cannotListen(e);
        } catch (RuntimeException e) {
            beans.close();
            throw e;
        }
    }

    private static StartException cannotListen(IOException cause) {
        return new StartException(cause.getMessage() + ".", cause);
    }

    private static Beans beans(Settings settings, Class<?>... furtherEndpoints) {
        try {
            return Beans.start(settings, List.of(furtherEndpoints));
        } catch (RuntimeException e) {
            throw StartException.of(e, settings);
        }
    }

    /** The address of the page, by a name that this machine can use. */
    public URI uri() {
        return uri(settings.listen().tls().isPresent(), port.host(), port());
    }

    /** Where health checks and operators ask, also when the server has as many connections as it may. */
    public URI management() {
        return uri(
                GrizzlyServer.isManagementSecure(settings),
                settings.listen().management().host(),
                port.managementPort());
    }

    private static URI uri(boolean secure, String host, int port) {
        String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        String scheme = secure ? "https" : "http";
        return URI.create(scheme + "://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port + "/");
    }

    /** The address of an endpoint, whose path begins with a slash. */
    public URI webSocket(String path) {
        return URI.create(uri().toString().replaceFirst("http", "ws")).resolve(path);
    }

    /** The port it listens on, also where the settings say any. */
    public int port() {
        return port.port();
    }

    public Settings settings() {
        return settings;
    }

    /** The {@code @ServerEndpoint} classes it serves. */
    public Set<Class<?>> endpoints() {
        return Set.copyOf(beans.endpoints());
    }

    /** The one bean of this type. */
    public <T> T bean(Class<T> type) {
        return beans.one(type);
    }

    /**
     * Stops, within a bounded time: lets the beans drain, while requests are still answered and no WebSocket is opened;
     * takes no further connection, tells every WebSocket that is left to come back (1012) and waits a little for its
     * answer, then cuts what is left. A second time does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        drain();
        port.close();
        endpoints.stop();
        beans.close();
    }

    private void drain() {
        try {
            beans.one(NodeReport.class).drain();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.WARNING, "Something could not be ended in good order", e);
        }
    }
}
