package dev.parley.e2e;

import dev.parley.protocol.Position;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One who follows a channel over one transport whatever happens to the servers and to their database, and remembers in order
 * what it was given and what it was told is gone.
 */
final class FailoverReader {
    private static final int WAIT_MILLIS = 100;
    private static final int WAIT_SECONDS = 2;

    private final TransportKind kind;
    private final String channel;
    private final Supplier<URI> server;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile AutoCloseable open = () -> {};

    // Guarded by this.
    private final List<Event> events = new ArrayList<>();
    private Position last = Position.NONE;
    private int resumed;

    /** A message, or a notice that something is gone. */
    sealed interface Event {}

    record Given(Position position, String key) implements Event {}

    /**
     * @param kind {@code forgotten}, {@code lost}, or {@code unknown} where the server cannot say which
     * @param after empty where the server cannot say which
     * @param stood where the reader was
     */
    record Notice(String kind, Optional<Position> after, Optional<Position> before, Position stood) implements Event {
        boolean covers(Position position) {
            if (after.isEmpty() || before.isEmpty()) {
                return true;
            }
            return isOf(after.get(), position)
                    && position.offset() > after.get().offset()
                    && (!isOf(before.get(), position)
                            || position.offset() < before.get().offset());
        }

        private static boolean isOf(Position one, Position other) {
            return one.epoch().equals(other.epoch());
        }
    }

    /** Follows from the channel's beginning. */
    FailoverReader(TransportKind kind, String channel, Supplier<URI> server) {
        this.kind = kind;
        this.channel = channel;
        this.server = server;
        this.thread = new Thread(this::run, kind + " reader of " + channel);
        thread.setDaemon(true);
        thread.start();
    }

    TransportKind kind() {
        return kind;
    }

    String channel() {
        return channel;
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized Position last() {
        return last;
    }

    synchronized int resumed() {
        return resumed;
    }

    void stop() throws Exception {
        stopping = true;
        open.close();
        thread.interrupt();
        thread.join(TestClient.PATIENCE.toMillis());
    }

    private void run() {
        while (!stopping) {
            try {
                switch (kind) {
                    case WEBSOCKET -> overWebSocket();
                    case SSE -> overEvents();
                    case LONG_POLLING -> overRequests(WAIT_SECONDS);
                    case POLLING -> overRequests(0);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                pause(); // the server is away, or refuses for now
            }
        }
    }

    private void overWebSocket() throws InterruptedException {
        BlockingQueue<JsonObject> pushes = new LinkedBlockingQueue<>();
        try (TestClient client = TestClient.open(server.get(), pushes::add)) {
            open = client;
            began(client.subscribeAfter(channel, last()));
            while (client.isOpen() && !stopping) {
                JsonObject push = pushes.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
                if (push != null) {
                    pushed(push);
                }
            }
            pushes.forEach(this::pushed);
        }
    }

    private void overEvents() throws IOException {
        URI node = server.get();
        try (EventStream stream =
                EventStream.open(node, "/api/events?channel=" + channel + "&heartbeat=1&after=" + last())) {
            open = stream;
            stream.readFaster();
            Optional<EventStream.Event> event = stream.nextData();
            while (event.isPresent()) {
                JsonObject data = HttpApiClient.json(event.get().data().orElseThrow());
                if (data.containsKey("channels")) {
                    began(data.getJsonArray("channels").getJsonObject(0));
                } else {
                    pushed(data);
                }
                event = stream.nextData();
            }
        }
    }

    private void overRequests(int wait) throws Exception {
        HttpApiClient client = HttpApiClient.of(server.get()).connected();
        synchronized (this) {
            resumed++;
        }
        while (!stopping) {
            HttpResponse<String> answer =
                    client.get("messages?channel=" + channel + "&wait=" + wait + "&after=" + last());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.body());
            }
            JsonObject read = HttpApiClient.json(answer);
            JsonObject entry = read.getJsonArray("channels").getJsonObject(0);
            gone(entry, entry.getBoolean("recovered", true));
            read.getJsonArray("messages").forEach(push -> pushed(push.asJsonObject()));
            synchronized (this) {
                last = TestClient.position(entry);
            }
            if (wait == 0 && read.getJsonArray("messages").isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS);
            }
        }
    }

    private synchronized void began(JsonObject subscribed) {
        resumed++;
        gone(subscribed, subscribed.getBoolean("recovered", true));
        last = TestClient.position(subscribed);
    }

    private synchronized void pushed(JsonObject push) {
        if (push.containsKey("data")) {
            last = TestClient.position(push);
            events.add(new Given(last, push.getJsonObject("data").getString("key")));
        } else if (push.containsKey("forgotten") || push.containsKey("lost")) {
            gone(push, false);
        }
    }

    /** A range is told by its kind; one without an end says that nobody knows. */
    private synchronized void gone(JsonObject told, boolean recovered) {
        Position stood = last;
        boolean any = false;
        for (String kindOfGap : List.of("forgotten", "lost")) {
            if (told.containsKey(kindOfGap)) {
                any = true;
                JsonObject range = told.getJsonObject(kindOfGap);
                Optional<Position> after = position(range, "after");
                Optional<Position> before = position(range, "before");
                events.add(new Notice(after.isPresent() ? kindOfGap : "unknown", after, before, stood));
                if (kindOfGap.equals("forgotten")) {
                    last = after.orElse(last);
                }
            }
        }
        if (!any && !recovered) {
            events.add(new Notice("unknown", Optional.empty(), Optional.empty(), stood));
        }
    }

    private static Optional<Position> position(JsonObject range, String name) {
        return range.containsKey(name) ? Position.parse(range.getString(name)) : Optional.empty();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ResumingReader.PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
