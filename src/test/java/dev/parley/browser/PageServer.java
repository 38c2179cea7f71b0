package dev.parley.browser;

import dev.parley.clients.ChannelsClient;
import dev.parley.clients.ClientContract;
import dev.parley.clients.ClientSocket;
import dev.parley.standalone.StandaloneServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server with the pages, which can be stopped and started again on the same port and data. */
final class PageServer implements AutoCloseable {
    private final Map<String, String> settings;
    private @Nullable StandaloneServer server;

    private PageServer(Map<String, String> settings) {
        this.settings = settings;
    }

    static PageServer start(Path data) {
        return start(data, Map.of());
    }

    static PageServer start(Path data, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("parley.port", "0");
        settings.put("parley.management.port", "0");
        settings.put("parley.data", data.toString());
        PageServer server = new PageServer(settings);
        server.start();
        return server;
    }

    void start() {
        StandaloneServer started = StandaloneServer.start(settings);
        settings.put("parley.port", Integer.toString(started.port()));
        server = started;
    }

    void stop() {
        running().close();
        server = null;
    }

    /** Stops it, and starts it with other data on the same port. */
    void restartOn(Path data) {
        stop();
        settings.put("parley.data", data.toString());
        start();
    }

    URI page() {
        return running().uri();
    }

    /** Somebody without a browser. */
    ChannelsClient speaker(String name) throws Exception {
        ClientSocket peer = ClientContract.javaClients().get(0).open(webSocket("/channels"), Optional.of("v1.parley"));
        ChannelsClient speaker = new ChannelsClient(peer);
        speaker.connect(name);
        return speaker;
    }

    URI webSocket(String path) {
        return running().webSocket(path);
    }

    @Override
    public void close() {
        if (server != null) {
            stop();
        }
    }

    private StandaloneServer running() {
        if (server == null) {
            throw new IllegalStateException("The server is stopped");
        }
        return server;
    }
}
