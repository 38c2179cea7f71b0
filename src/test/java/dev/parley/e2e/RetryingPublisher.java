package dev.parley.e2e;

import dev.parley.protocol.Position;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One user who publishes whatever happens to the server: each message with a key, and again with that key until it is
 * acknowledged. Told to stop, it still brings home what it has begun.
 */
final class RetryingPublisher {
    private static final int MANY = 8;
    private static final int PAUSE_MILLIS = 20;

    private final String name;
    private final Supplier<URI> server;
    private final List<String> channels;
    private final int atOnce;
    private final Duration rest;
    private final Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<String> faults = new ArrayList<>();
    private final Deque<Integer> pending = new ArrayDeque<>();
    private final Thread thread;
    private Optional<String> secret = Optional.empty();
    private int last;
    private volatile boolean stopping;

    /** Where the server says that it stored a message. */
    record Acknowledged(String channel, Position position) {}

    /** As many as the server takes. */
    RetryingPublisher(String name, Supplier<URI> server, List<String> channels) {
        this(name, server, channels, MANY, Duration.ZERO);
    }

    /** So many at once, and then rests. */
    RetryingPublisher(String name, Supplier<URI> server, List<String> channels, int atOnce, Duration rest) {
        this.name = name;
        this.server = server;
        this.channels = channels;
        this.atOnce = atOnce;
        this.rest = rest;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** By key. */
    Map<String, Acknowledged> acknowledged() {
        return acknowledged;
    }

    /** How often it was told to try again later. */
    int refused() {
        return refused.get();
    }

    /** What no server should have answered. */
    List<String> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.join(TestClient.PATIENCE.toMillis());
        if (thread.isAlive()) {
            fault(name + " cannot bring home " + pending);
        }
    }

    private void run() {
        while (!done()) {
            try (TestClient client = TestClient.open(server.get())) {
                secret = Optional.of(client.connect(secret));
                while (client.isOpen() && !done()) {
                    round(client);
                }
            } catch (IllegalStateException e) {
                pause(ResumingReader.PAUSE_MILLIS);
            }
        }
    }

    private boolean done() {
        return stopping && pending.isEmpty();
    }

    private void round(TestClient client) {
        while (pending.size() < atOnce && !stopping) {
            pending.add(++last);
        }
        List<CompletableFuture<JsonObject>> replies = new ArrayList<>();
        List<Integer> asked = List.copyOf(pending);
        for (int number : asked) {
            String key = name + "-" + number;
            replies.add(client.ask("publish", TestClient.publication(channel(number), key, data(key))));
        }
        boolean again = false;
        for (int i = 0; i < asked.size(); i++) {
            again |= !home(asked.get(i), replies.get(i));
        }
        if (again) {
            pause(PAUSE_MILLIS);
        }
        if (!stopping && !rest.isZero()) {
            pause((int) rest.toMillis());
        }
    }

    private boolean home(int number, CompletableFuture<JsonObject> asked) {
        JsonObject reply = TestClient.await(asked);
        String key = name + "-" + number;
        if (reply.containsKey("published")) {
            JsonObject published = reply.getJsonObject("published");
            acknowledged.put(key, new Acknowledged(published.getString("channel"), TestClient.position(published)));
            pending.remove(number);
            return true;
        }
        refused.incrementAndGet();
        if (!reply.getJsonObject("error").getBoolean("retry")) {
            fault(reply.toString());
        }
        return false;
    }

    static String data(String key) {
        return "{\"key\":\"" + key + "\",\"text\":\"" + "x".repeat(200) + "\"}";
    }

    private String channel(int number) {
        return channels.get(number % channels.size());
    }

    private void fault(String text) {
        synchronized (faults) {
            faults.add(text);
        }
    }

    private static void pause(int milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
