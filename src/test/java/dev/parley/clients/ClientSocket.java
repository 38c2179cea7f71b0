package dev.parley.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** One WebSocket of somebody's implementation, as a test sees it. Used by one thread. */
public interface ClientSocket extends AutoCloseable {
    Duration PATIENCE = Duration.ofSeconds(20);

    void send(String text) throws Exception;

    void send(byte[] bytes) throws Exception;

    /** The next message; fails when none comes in time. */
    Received next() throws Exception;

    /** What this client's own HTTP reads at an address. */
    default byte[] fetch(URI uri) throws Exception {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(uri + " answered " + response.statusCode());
        }
        return response.body();
    }

    @Override
    void close() throws IOException;

    /** What came. */
    sealed interface Received {
        record Text(String text) implements Received {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Binary(byte[] bytes) implements Received {}
    }

    /** A client: it opens WebSockets. Its {@code toString} names it in a test's report. */
    interface Client {
        ClientSocket open(URI uri, Optional<String> subProtocol) throws Exception;
    }
}
