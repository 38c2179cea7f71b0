package dev.parley.e2e;

import dev.parley.protocol.Position;
import dev.parley.testing.Scale;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A client of {@code v1.parley} on the JDK's own WebSocket. Every wait is bounded. Thread-safe.
 *
 * <pre>{@code
 * try (TestClient client = TestClient.open(server.uri())) {
 *     client.subscribe("room");
 *     Position position = client.publish("room", "key", "{}");
 *     client.awaitPushes(1);
 * }
 * }</pre>
 */
public final class TestClient implements AutoCloseable {
    public static final Duration PATIENCE =
            Scale.of(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(10));

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonReaderFactory JSON = Json.createReaderFactory(Map.of());

    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonObject>> replies = new ConcurrentHashMap<>();
    private final List<JsonObject> pushes = new ArrayList<>();
    private final List<JsonObject> unasked = new ArrayList<>();
    private final CompletableFuture<Closing> closing = new CompletableFuture<>();
    private final Consumer<JsonObject> listener;
    private final WebSocket socket;
    private CompletableFuture<WebSocket> sent;

    /** How it ended: 1006 when nobody said farewell. */
    public record Closing(int code, String reason) {}

    private TestClient(URI server, String path, List<String> headers, Consumer<JsonObject> listener) {
        this.listener = listener;
        WebSocket.Builder builder =
                HTTP.newWebSocketBuilder().connectTimeout(PATIENCE).subprotocols("v1.parley");
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        this.socket = await(builder.buildAsync(webSocket(server, path), new LineListener(this::line, this::closed)));
        this.sent = CompletableFuture.completedFuture(socket);
    }

    public static TestClient open(URI server) {
        return open(server, push -> {});
    }

    /** The listener is told each push as it comes, on the thread that reads. */
    public static TestClient open(URI server, Consumer<JsonObject> listener) {
        return new TestClient(server, "/channels", List.of(), listener);
    }

    /** @param headers of the handshake: a name, its value, and so on */
    public static TestClient open(URI server, String path, String... headers) {
        return new TestClient(server, path, List.of(headers), push -> {});
    }

    /** @param server where the paths begin: a context root, on an application server */
    public static URI webSocket(URI server, String path) {
        String base = server.toString().replaceFirst("http", "ws").replaceFirst("/?$", "/");
        return URI.create(base).resolve(path.replaceFirst("^/", ""));
    }

    /** Says who it is: somebody new, or the guest of a secret; gives the secret. */
    public String connect(Optional<String> secret) {
        String body = secret.map(text -> "{\"secret\":\"" + text + "\"}").orElse("{}");
        JsonObject reply = reply("connect", body);
        if (!reply.containsKey("connected")) {
            throw new IllegalStateException(reply.toString());
        }
        return reply.getJsonObject("connected").getString("secret");
    }

    /** Subscribes from now on. */
    public JsonObject subscribe(String channel) {
        return subscribed("{\"channel\":\"" + channel + "\"}");
    }

    public JsonObject subscribeAfter(String channel, Position position) {
        return subscribed("{\"channel\":\"" + channel + "\",\"after\":\"" + position + "\"}");
    }

    public JsonObject subscribeWithHistory(String channel, int count) {
        return subscribed("{\"channel\":\"" + channel + "\",\"history\":" + count + "}");
    }

    public Position publish(String channel, String key, String data) {
        return position(await(ask("publish", publication(channel, key, data))).getJsonObject("published"));
    }

    public static String publication(String channel, String key, String data) {
        return "{\"channel\":\"" + channel + "\",\"key\":\"" + key + "\",\"data\":" + data + "}";
    }

    public static Position position(JsonObject object) {
        return Position.parse(object.getString("position")).orElseThrow();
    }

    /** Sends a command; fails when the connection ends before the reply. */
    public CompletableFuture<JsonObject> ask(String command, String body) {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonObject> reply = new CompletableFuture<>();
        replies.put(id, reply);
        if (closing.isDone()) {
            reply.completeExceptionally(new IllegalStateException("closed"));
        }
        send("{\"id\":" + id + ",\"" + command + "\":" + body + "}");
        return reply;
    }

    /** What will come as the reply to a command that is sent as text; {@link #ask} counts from 1. */
    public CompletableFuture<JsonObject> replyTo(long id) {
        return replies.computeIfAbsent(id, unknown -> new CompletableFuture<>());
    }

    public JsonObject reply(String command, String body) {
        return await(ask(command, body));
    }

    /** Sends a text message as it is, after what was sent before. */
    public synchronized void send(String text) {
        sent = sent.handle((done, failure) -> null).thenCompose(done -> socket.sendText(text, true));
    }

    public synchronized void send(byte[] bytes) {
        sent = sent.handle((done, failure) -> null)
                .thenCompose(done -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    /** All pushes so far, when there are so many. */
    public List<JsonObject> awaitPushes(int count) {
        return await(pushes, count);
    }

    /** Replies without an id, to what could not be read. */
    public List<JsonObject> awaitUnasked(int count) {
        return await(unasked, count);
    }

    public List<JsonObject> pushes() {
        synchronized (pushes) {
            return List.copyOf(pushes);
        }
    }

    public Closing awaitClosing() {
        return await(closing);
    }

    /** Waits for its end, however long it lasts. */
    public void join() throws InterruptedException {
        try {
            closing.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isOpen() {
        return !closing.isDone();
    }

    /** Goes without a word. */
    public void drop() {
        socket.abort();
        closed(1006, "dropped");
    }

    @Override
    public void close() {
        if (isOpen()) {
            CompletableFuture<WebSocket> unused =
                    socket.sendClose(1000, "").orTimeout(1, TimeUnit.SECONDS).whenComplete((done, failure) -> drop());
        } else {
            socket.abort();
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonObject subscribed(String body) {
        JsonObject reply = reply("subscribe", body);
        if (!reply.containsKey("subscribed")) {
            throw new IllegalStateException(reply.toString());
        }
        return reply.getJsonObject("subscribed");
    }

    private void line(String line) {
        JsonObject object = JSON.createReader(new StringReader(line)).readObject();
        if (object.containsKey("id")) {
            CompletableFuture<JsonObject> reply =
                    replies.remove(object.getJsonNumber("id").longValue());
            if (reply != null) {
                reply.complete(object);
            }
        } else if (object.containsKey("error")) {
            add(unasked, object);
        } else {
            listener.accept(object);
            add(pushes, object);
        }
    }

    private void closed(int code, String reason) {
        closing.complete(new Closing(code, reason));
        replies.values().forEach(reply -> reply.completeExceptionally(new IllegalStateException("closed " + code)));
    }

    private static void add(List<JsonObject> list, JsonObject object) {
        synchronized (list) {
            list.add(object);
            list.notifyAll();
        }
    }

    private List<JsonObject> await(List<JsonObject> list, int count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (list) {
            while (list.size() < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new IllegalStateException(list.size() + " of " + count + " have come, " + closing);
                }
                try {
                    list.wait(left);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return List.copyOf(list);
        }
    }
}
