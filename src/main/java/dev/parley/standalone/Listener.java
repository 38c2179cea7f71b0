package dev.parley.standalone;

import dev.parley.security.Guard;
import dev.parley.security.Limits;
import dev.parley.server.ListenSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.ServerConfiguration;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;
import org.glassfish.grizzly.strategies.WorkerThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/**
 * The one port, on Grizzly. What is read passes, in this order: TLS, {@link HttpCodec}, Grizzly's idle timeout, {@link
 * AdmissionFilter}, {@link WebSocketFilter}, and last the handler.
 */
final class Listener {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
    private static final int MAX_HEADER_SIZE = 16 * 1024;
    private static final int LEAST_WORKERS = 8;

    private final HttpServer server = new HttpServer();
    private final NetworkListener network;
    private final String host;

    /** Listens by these settings once it is started. */
    Listener(ListenSettings settings, Optional<SSLEngineConfigurator> tls) {
        this.host = settings.host().orElse("127.0.0.1");
        this.network = new NetworkListener("parley", host, settings.port());
        tls.ifPresent(engine -> {
            network.setSecure(true);
            network.setSSLEngineConfig(engine);
        });
        network.getKeepAlive().setIdleTimeoutInSeconds(Math.toIntExact(KEEP_ALIVE.toSeconds()));
        network.getKeepAlive().setMaxRequestsCount(-1);
        network.setDefaultErrorPageGenerator((request, status, reason, description, exception) -> reason);
        TCPNIOTransport transport = network.getTransport();
        // An endpoint of a team may block: not on the threads that serve everybody's sockets
        transport.setIOStrategy(WorkerThreadIOStrategy.getInstance());
        int workers = Math.max(LEAST_WORKERS, 2 * Runtime.getRuntime().availableProcessors());
        transport.setWorkerThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                .setPoolName("parley-worker")
                .setCorePoolSize(workers)
                .setMaxPoolSize(workers)
                .setMemoryManager(transport.getMemoryManager()));
        server.addListener(network);
    }

    void start(Guard guard, Limits limits, WebSocketFilter webSockets, HttpHandler handler) {
        ServerConfiguration configuration = server.getServerConfiguration();
        configuration.setName("parley");
        configuration.addHttpHandler(handler, "/");
        AdmissionFilter admissions = new AdmissionFilter(guard, limits.handshakeTimeout(), KEEP_ALIVE);
        network.registerAddOn((listener, chain) -> {
            int codec = chain.indexOfType(org.glassfish.grizzly.http.HttpServerFilter.class);
            chain.set(codec, codec(configuration));
            chain.add(chain.indexOfType(IdleTimeoutFilter.class) + 1, admissions);
            chain.add(chain.indexOfType(HttpServerFilter.class), webSockets);
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new StartException(
                    "Cannot listen on " + host + " port " + network.getPort() + ": " + e.getMessage()
                            + ". Is it in use? --port or parley.port chooses another, 0 any free one.",
                    e);
        }
    }

    private HttpCodec codec(ServerConfiguration configuration) {
        HttpCodec codec = new HttpCodec(network, MAX_HEADER_SIZE);
        codec.setAllowPayloadForUndefinedHttpMethods(configuration.isAllowPayloadForUndefinedHttpMethods());
        codec.setMaxPayloadRemainderToSkip(configuration.getMaxPayloadRemainderToSkip());
        return codec;
    }

    String host() {
        return host;
    }

    /** As bound, where any free one was asked for. */
    int port() {
        return network.getPort();
    }

    /** Takes no further connections; those there are go on. */
    void refuse() {
        network.getTransport().unbindAll();
    }

    void stop(Duration patience) {
        try {
            server.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .get(patience.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            // what still runs is cut
        }
        server.shutdownNow();
    }
}
