package dev.parley.standalone;

import dev.parley.http.Api;
import dev.parley.http.ApiApplication;
import dev.parley.http.HealthApplication;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.Limits;
import dev.parley.server.NodeReport;
import dev.parley.server.Settings;
import jakarta.websocket.DeploymentException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private static final System.Logger LOG = System.getLogger(StandaloneServer.class.getName());

    private static final int POLL_MILLISECONDS = 20;

    private final Settings settings;
    private final PartingTimes times;
    private final Beans beans;
    private final Endpoints endpoints;
    private final ScheduledExecutorService timer;
    private final WebSocketFilter webSockets;
    private final Front front;
    private final Listener listener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StandaloneServer(Settings settings, PartingTimes times, Beans beans) throws DeploymentException {
        this.settings = settings;
        this.times = times;
        this.beans = beans;
        this.timer = Executors.newSingleThreadScheduledExecutor(action -> {
            Thread thread = new Thread(action, "parley-front-timer");
            thread.setDaemon(true);
            return thread;
        });
        Guard guard = beans.one(Guard.class);
        Limits limits = settings.limits();
        Door door = new Door(guard, beans.one(CredentialsReader.class));
        UnfinishedMemory memory = new UnfinishedMemory(settings.front().unfinishedSize());
        this.endpoints = CdiComponents.with(beans, () -> new Endpoints(beans.endpoints(), limits));
        endpoints.deploy();
        FrameReader.Bounds bounds = new FrameReader.Bounds(
                limits.messageSize(),
                settings.front().fragments(),
                settings.front().compression());
        this.webSockets = new WebSocketFilter(
                new Upgrades(endpoints.getWebSocketEngine(), bounds, memory), door, times.farewell(), timer);
        RestHandler rest = new RestHandler(new Rest(
                Map.of(
                        ApiApplication.PATH, ApiApplication.CLASSES,
                        HealthApplication.PATH, HealthApplication.CLASSES),
                beans));
        WebFiles files = new WebFiles(settings.listen().web(), new FileSender.Patience(limits.sendTimeout(), timer));
        this.listener = new Listener(settings.listen(), settings.listen().tls().map(tls -> Tls.engine(tls, timer)));
        this.front = new Front(door, beans.one(Api.class), rest, files);
        BodyFilter bodies = new BodyFilter(
                door, memory, limits.messageSize(), settings.front().bodyTimeout(), timer);
        listener.start(
                door,
                new LingeringClose(limits.sendTimeout(), times.silence(), timer),
                List.of(
                        new AdmissionFilter(
                                guard,
                                limits.handshakeTimeout(),
                                Listener.KEEP_ALIVE,
                                settings.front().sendBuffer()),
                        webSockets,
                        bodies),
                front);
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
        return start(settings, PartingTimes.DEFAULTS, furtherEndpoints);
    }

    static StandaloneServer start(Settings settings, PartingTimes times, Class<?>... furtherEndpoints) {
        Listener.checkPort(settings.listen());
        Beans beans = beans(settings, furtherEndpoints);
        try {
            return new StandaloneServer(settings, times, beans);
        } catch (DeploymentException e) {
            beans.close();
            throw new StartException("An endpoint cannot be deployed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            beans.close();
            throw e;
        }
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
        String host = listener.host();
        String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        String scheme = settings.listen().tls().isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port() + "/");
    }

    /** The address of an endpoint, whose path begins with a slash. */
    public URI webSocket(String path) {
        return URI.create(uri().toString().replaceFirst("http", "ws")).resolve(path);
    }

    /** The port it listens on, also where the settings say any. */
    public int port() {
        return listener.port();
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

    /** Every bean of this type. */
    public <T> List<T> beans(Class<T> type) {
        return beans.all(type).stream().toList();
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
        listener.refuse();
        webSockets.stop();
        awaitFarewells();
        timer.shutdownNow();
        listener.stop();
        endpoints.stop();
        beans.close();
    }

    private void drain() {
        try {
            beans.one(NodeReport.class).drain();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Something could not be ended in good order", e);
        }
    }

    private void awaitFarewells() {
        long end = System.nanoTime() + times.farewell().toNanos();
        try {
            while (webSockets.count() + front.count() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
