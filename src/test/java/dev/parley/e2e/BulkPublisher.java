package dev.parley.e2e;

import jakarta.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Publishes many messages over one connection, as many at once as the server takes. */
final class BulkPublisher {
    private static final int AT_ONCE = 200;

    private BulkPublisher() {}

    /** Messages whose data is {@code {"n":1}} and so on, after those that are there. */
    static void publish(TestClient client, String channel, int from, int count) {
        publish(client, channel, from, count, "");
    }

    /** The same with a text besides. */
    static void publish(TestClient client, String channel, int from, int count, String text) {
        Deque<CompletableFuture<JsonObject>> asked = new ArrayDeque<>();
        for (int n = from; n < from + count; n++) {
            if (asked.size() == AT_ONCE) {
                published(asked.remove());
            }
            asked.add(client.ask(
                    "publish",
                    "{\"channel\":\"" + channel + "\",\"data\":{\"n\":" + n + ",\"text\":\"" + text + "\"}}"));
        }
        asked.forEach(BulkPublisher::published);
    }

    private static void published(CompletableFuture<JsonObject> asked) {
        JsonObject reply = TestClient.await(asked);
        if (!reply.containsKey("published")) {
            throw new IllegalStateException(reply.toString());
        }
    }
}
