package dev.parley.grizzly;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.glassfish.grizzly.filterchain.Filter;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.ServerConfiguration;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/**
 * A port, on Grizzly. What is read passes, in this order: {@link LingeringClose}, TLS, {@link DisconnectWatch},
 * {@link HttpCodec}, Grizzly's idle timeout, {@link AdmissionFilter}, {@link WebSocketFilter} (where there are no
 * WebSockets {@link UpgradeRefusals}), {@link PublishRateFilter}, {@link BodyFilter}, and last the handler.
 */
public final class Listener {
    /** How long a connection may be idle between two requests. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private static final int MAX_HEADER_SIZE = 16 * 1024;

    /** What Grizzly keeps for each thread; for what is read into more it allocates memory each time. */
    private static final int READ_BUFFER = 64 * 1024;

    private final HttpServer server = new HttpServer();
    private final NetworkListener network;
    private final ListenAddress address;
    private final PromptThreads promptThreads;

    /** Listens there once it is started. */
    Listener(ListenAddress address, Optional<SSLEngineConfigurator> tls) {
        this.address = address;
        this.network = new NetworkListener(address.name(), address.host(), address.port());
        tls.ifPresent(engine -> {
            network.setSecure(true);
            network.setSSLEngineConfig(engine);
        });
        network.getKeepAlive().setIdleTimeoutInSeconds(Math.toIntExact(KEEP_ALIVE.toSeconds()));
        network.getKeepAlive().setMaxRequestsCount(-1);
        network.getFileCache().setEnabled(false);
        network.setDefaultErrorPageGenerator((request, status, reason, description, exception) -> reason);
        TCPNIOTransport transport = network.getTransport();
        this.promptThreads = new PromptThreads(address.name() + "-prompt", transport.getMemoryManager());
        transport.setIOStrategy(new ReadIoStrategy(promptThreads));
        transport.setReadBufferSize(READ_BUFFER);
        transport.setWorkerThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                .setPoolName(address.name() + "-worker")
                .setCorePoolSize(address.workers())
                .setMaxPoolSize(address.workers())
                .setMemoryManager(transport.getMemoryManager()));
        server.addListener(network);
    }

    /** Threads on which resources may wait. */
    public static int workers() {
        return ListenAddress.publicWorkers();
    }

    /** Starts with these filters, in this order, between the reading of HTTP and the handler. */
    void start(GuardAdapter guard, LingeringClose close, List<Filter> filters, HttpHandler handler) throws IOException {
        ServerConfiguration configuration = server.getServerConfiguration();
        // Grizzly itself would refuse it with a list of methods that nothing here takes
        configuration.setPassTraceRequest(true);
        configuration.setName("parley");
        configuration.addHttpHandler(handler, "/");
        network.registerAddOn((listener, chain) -> {
            int codec = chain.indexOfType(org.glassfish.grizzly.http.HttpServerFilter.class);
            chain.set(codec, codec(configuration, guard, close));
            chain.add(codec, new DisconnectWatch.Filter());
            chain.add(chain.indexOfType(TransportFilter.class) + 1, new LingeringClose.Filter());
            chain.addAll(chain.indexOfType(IdleTimeoutFilter.class) + 1, filters);
        });
        try {
            server.start();
        } catch (IOException e) {
            server.shutdownNow();
            throw address.cannotListen(e);
        }
    }

    private HttpCodec codec(ServerConfiguration configuration, GuardAdapter guard, LingeringClose close) {
        HttpCodec codec = new HttpCodec(network, MAX_HEADER_SIZE, guard::crossOrigin, close);
        codec.setAllowPayloadForUndefinedHttpMethods(configuration.isAllowPayloadForUndefinedHttpMethods());
        codec.setMaxPayloadRemainderToSkip(configuration.getMaxPayloadRemainderToSkip());
        return codec;
    }

    /** The threads on which resources may wait, once it is started. */
    ExecutorService workerPool() {
        return network.getTransport().getWorkerThreadPool();
    }

    String host() {
        return address.host();
    }

    /** As bound, where any free one was asked for. */
    int port() {
        return network.getPort();
    }

    /** Takes no further connections; those there are go on. */
    void refuse() {
        network.getTransport().unbindAll();
    }

    /** Cuts what is left. Grizzly's graceful way waits for its whole grace period, though nothing is under way. */
    void stop() {
        server.shutdownNow();
        promptThreads.stop();
    }
}
