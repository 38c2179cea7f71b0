package dev.parley.e2e;

import dev.parley.protocol.Position;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One who follows a channel whatever happens to the server, resuming from the last position it was given. */
final class ResumingReader {
    /** Many at once, who ask all the time, would take the machine from the server that is starting. */
    static final int PAUSE_MILLIS = 200;

    private final String channel;
    private final Supplier<URI> server;
    private final Thread thread;
    private volatile boolean stopping;

    // Guarded by this.
    private final List<String> keys = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private Position last = Position.NONE;
    private int twice;
    private int holes;
    private int resumed;

    /** Follows from the channel's beginning. */
    ResumingReader(String channel, Supplier<URI> server) {
        this.channel = channel;
        this.server = server;
        this.thread = new Thread(this::run, "follower of " + channel);
        thread.setDaemon(true);
        thread.start();
    }

    String channel() {
        return channel;
    }

    /** Of the messages it was given, in their order. */
    synchronized List<String> keys() {
        return List.copyOf(keys);
    }

    synchronized Position last() {
        return last;
    }

    /** Messages given again or out of order. */
    synchronized int twice() {
        return twice;
    }

    synchronized int holes() {
        return holes;
    }

    synchronized int resumed() {
        return resumed;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(TestClient.PATIENCE.toMillis());
    }

    private void run() {
        while (!stopping) {
            try (TestClient client = TestClient.open(server.get(), this::given)) {
                JsonObject subscribed = client.subscribeAfter(channel, last());
                resumed(subscribed);
                client.join();
            } catch (IllegalStateException e) {
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void resumed(JsonObject subscribed) {
        resumed++;
        if (!subscribed.getBoolean("recovered")) {
            faults.add(subscribed.toString());
        }
    }

    private synchronized void given(JsonObject push) {
        if (push.containsKey("disconnect")) {
            return;
        }
        if (!push.containsKey("data")) {
            faults.add(push.toString());
            return;
        }
        Position position = TestClient.position(push);
        if (position.offset() <= last.offset()) {
            twice++;
        } else if (position.offset() > last.offset() + 1) {
            holes++;
        }
        last = position;
        keys.add(push.getJsonObject("data").getString("key"));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
