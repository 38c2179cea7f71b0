package dev.parley.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A subscriber that only counts: cheap enough for a thousand of them. */
final class CountingReader implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String POSITION = "\"position\":\"";

    private final WebSocket socket;
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private volatile long last;
    private final AtomicInteger faults = new AtomicInteger();

    private CountingReader(URI server) {
        socket = TestClient.await(HTTP.newWebSocketBuilder()
                .subprotocols("v1.parley")
                .buildAsync(TestClient.webSocket(server, "/channels"), new LineListener(this::line, this::closed)));
    }

    /** Subscribes from now on. */
    static CountingReader open(URI server, String channel) {
        CountingReader reader = new CountingReader(server);
        TestClient.await(reader.socket.sendText("{\"id\":1,\"subscribe\":{\"channel\":\"" + channel + "\"}}", true));
        TestClient.await(reader.subscribed);
        return reader;
    }

    /** The offset of the last message it was given. */
    long last() {
        return last;
    }

    /** Messages out of order, given twice or left out, and an end nobody asked for. */
    int faults() {
        return faults.get();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void line(String line) {
        int position = line.indexOf(POSITION) + POSITION.length();
        int colon = line.indexOf(':', position);
        long offset = Long.parseLong(line.substring(colon + 1, line.indexOf('"', colon)));
        if (line.startsWith("{\"id\"")) {
            last = offset;
            subscribed.complete(null);
            return;
        }
        if (offset != last + 1) {
            faults.incrementAndGet();
        }
        last = offset;
    }

    private void closed(int code, String reason) {
        faults.incrementAndGet();
        subscribed.completeExceptionally(new IllegalStateException(code + " " + reason));
    }
}
