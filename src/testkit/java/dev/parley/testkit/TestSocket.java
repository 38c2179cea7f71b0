package dev.parley.testkit;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * A WebSocket to an endpoint of one's own, by the JDK's client: messages as they are, without a protocol on them. Messages
 * are sent in the order of the calls, and received in the order in which they came. What waits fails when it has taken too
 * long (30 seconds, or {@code parley.test.patience}), or the connection has ended. Thread-safe.
 */
public final class TestSocket implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int NORMAL_CLOSURE = 1000;

    private final URI uri;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Closing> closing = new CompletableFuture<>();
    private final WebSocket socket;
    private CompletableFuture<WebSocket> sent;

    /**
     * How it ended.
     *
     * @param code as RFC 6455 section 7.4 and README have them; 1006 when nobody said farewell
     */
    public record Closing(int code, String reason) {}

    /** What came, or the end behind all that came. */
    private sealed interface Received {
        record Text(String text) implements Received {}

        record Binary(ByteBuffer bytes) implements Received {}

        record End() implements Received {}
    }

    private TestSocket(URI uri, WebSocket.Builder builder) {
        this.uri = uri;
        this.socket = opened(builder.connectTimeout(Patience.ofAnAnswer()).buildAsync(uri, new Listener()), uri);
        this.sent = CompletableFuture.completedFuture(socket);
    }

    static TestSocket open(URI uri, Optional<String> token, List<String> subprotocols) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        token.ifPresent(text -> builder.header("Authorization", "Bearer " + text));
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(
                    subprotocols.get(0), subprotocols.stream().skip(1).toArray(String[]::new));
        }
        return new TestSocket(uri, builder);
    }

    private static WebSocket opened(CompletableFuture<WebSocket> opening, URI uri) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new RefusedHandshake(uri, refused.getResponse());
            }
            throw new IllegalStateException("There is no connection to " + uri, e.getCause());
        }
    }

    /** Sends a text message, after what was sent before. */
    public void send(String text) {
        sendNext(before -> before.sendText(text, true));
    }

    /** Sends a binary message, after what was sent before. */
    public void send(byte[] bytes) {
        byte[] copy = bytes.clone();
        sendNext(before -> before.sendBinary(ByteBuffer.wrap(copy), true));
    }

    private synchronized void sendNext(Function<WebSocket, CompletableFuture<WebSocket>> sending) {
        sent = sent.thenCompose(sending);
    }

    /** The next text message; fails when a binary one comes in its place. */
    public String text() {
        if (next() instanceof Received.Text text) {
            return text.text();
        }
        throw new AssertionFailedError("A binary message has come from " + uri + " where a text message was awaited");
    }

    /** The next binary message; fails when a text message comes in its place. */
    public byte[] bytes() {
        Received next = next();
        if (next instanceof Received.Binary binary) {
            return binary.bytes().array();
        }
        throw new AssertionFailedError(
                "A text message has come from " + uri + " where a binary message was awaited: " + next);
    }

    /** Waits for this text message, and drops what comes before it. */
    public void awaitText(String wanted) {
        String last = text();
        while (!last.equals(wanted)) {
            last = text();
        }
    }

    /** Waits until the connection has ended. */
    public Closing awaitClosing() {
        try {
            return closing.get(Patience.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionFailedError("The connection to " + uri + " has not ended", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw Patience.interrupted(e);
        }
    }

    /** The sub-protocol that the server has chosen; empty: none. */
    public String subprotocol() {
        return socket.getSubprotocol();
    }

    private Received next() {
        try {
            Received next = received.poll(Patience.limit().toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionFailedError("No message has come from " + uri);
            }
            if (next instanceof Received.End) {
                received.add(next);
                throw new AssertionFailedError(
                        "The connection to " + uri + " has ended where a message was awaited: " + awaitClosing());
            }
            return next;
        } catch (InterruptedException e) {
            throw Patience.interrupted(e);
        }
    }

    /** Says farewell (1000), and waits for the server's for as long as the patience lasts. */
    @Override
    public void close() {
        if (!closing.isDone()) {
            sendNext(before -> before.sendClose(NORMAL_CLOSURE, ""));
            try {
                closing.get(Patience.limit().toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                end(1006, "The server said no farewell");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        socket.abort();
    }

    /** Goes without a word, as a client whose network is gone. */
    public void drop() {
        socket.abort();
        end(1006, "dropped");
    }

    private void end(int code, String reason) {
        if (closing.complete(new Closing(code, reason))) {
            received.add(new Received.End());
        }
    }

    /** A message comes in parts; the JDK calls for one after the other. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletableFuture<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                received.add(new Received.Text(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletableFuture<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
            if (last) {
                received.add(new Received.Binary(ByteBuffer.wrap(bytes.toByteArray())));
                bytes.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletableFuture<?> onClose(WebSocket from, int code, String reason) {
            end(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            end(1006, String.valueOf(failure.getMessage()));
        }
    }
}
