package dev.parley.standalone;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.frames.CdiComponents;
import dev.parley.frames.Endpoints;
import dev.parley.grizzly.CloseTimeouts;
import dev.parley.grizzly.GrizzlyServer;
import dev.parley.grizzly.Resources;
import dev.parley.grizzly.WaitingRoom;
import dev.parley.http.ApiDispatcher;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.HandshakeUsers;
import dev.parley.security.SharedBudget;
import dev.parley.server.ConnectionPool;
import dev.parley.server.NodeReport;
import dev.parley.server.StartWait;
import dev.parley.settings.SettingException;
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
 * Grizzly the port. Endpoints, resources and beans are found in whatever jar or folder has a {@code META-INF/beans.xml}.
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
        List<Resources> rest = JerseyResources.all(beans);
        this.endpoints = CdiComponents.with(
                beans,
                () -> new Endpoints(
                        beans.endpoints(),
                        settings.limits(),
                        beans.one(HandshakeUsers.class),
                        settings.front().compression()));
        Logging.tellFailuresOnce();
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
     * @param further classes beside those that are found: endpoints, resources, beans
     * @throws StartException when it cannot, with nothing left running
     */
    public static StandaloneServer start(Settings settings, Class<?>... further) {
        return start(settings, CloseTimeouts.DEFAULTS, further);
    }

    /**
     * Starts with more than settings; when this returns, clients are served.
     *
     * @throws StartException when it cannot, with nothing left running
     */
    public static StandaloneServer start(Settings settings, Additions additions) {
        return start(settings, CloseTimeouts.DEFAULTS, additions);
    }

    static StandaloneServer start(Settings settings, CloseTimeouts timeouts, Class<?>... further) {
        return start(settings, timeouts, Additions.of(further));
    }

    private static StandaloneServer start(Settings settings, CloseTimeouts timeouts, Additions additions) {
        // What holds a port may be another Parley, which holds the database too: that is not the first thing to tell
        // then
        try {
            GrizzlyServer.checkPorts(settings.listen());
        } catch (IOException e) {
            throw cannotListen(e);
        }
        awaitDatabase(settings);
        Beans beans = beans(settings, additions);
        try {
            return new StandaloneServer(settings, timeouts, beans);
        } catch (DeploymentException e) {
            beans.close();
            throw new StartException("An endpoint cannot be deployed: " + e.getMessage(), e);
        } catch (IOException e) {
            beans.close();
            throw cannotListen(e);
        } catch (SettingException e) {
            beans.close();
            throw e;
        } catch (IllegalArgumentException e) {
            beans.close();
            throw new StartException("A team's own classes cannot be served: " + e.getMessage(), e);
        } catch (RuntimeException | LinkageError e) {
            beans.close();
            throw StartException.of(e, settings);
        }
    }

    private static StartException cannotListen(IOException cause) {
        return new StartException(cause.getMessage() + ".", cause);
    }

    /** The embedded database is this server's own: what is wrong with it is told at once, when the beans are made. */
    private static void awaitDatabase(Settings settings) {
        if (settings.database().url().isEmpty()) {
            return;
        }
        try (WaitingRoom room = new WaitingRoom(settings);
                HikariDataSource source = ConnectionPool.ofOne(settings.database())) {
            StartWait.await(source, settings.log().startWait(), room::open);
        } catch (RuntimeException e) {
            throw StartException.of(e, settings);
        }
    }

    private static Beans beans(Settings settings, Additions additions) {
        try {
            return Beans.start(settings, additions);
        } catch (RuntimeException | LinkageError e) {
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
        return endpoints.annotated();
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
