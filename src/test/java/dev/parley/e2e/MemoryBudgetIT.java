package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.StandaloneServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node's memory for messages, filled from every side with large ones. */
@Timeout(120)
class MemoryBudgetIT {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int BUDGET = 16 * MEGABYTE;
    private static final int LARGE = 4 * MEGABYTE;
    private static final int CHANNELS = 6;

    private final byte[] json = json(LARGE);
    private final byte[] small = json(60_000);
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void large_messages_of_every_kind_leave_no_more_than_it_in_the_heap() throws Exception {
        try (StandaloneServer server = TestServers.start(
                        folder,
                        Map.of(
                                "parley.limits.recent-size",
                                Integer.toString(BUDGET),
                                "parley.limits.publish-bytes-per-second",
                                "0"));
                RawWebSocketClient reader = RawWebSocketClient.open(server.uri())) {
            subscribe(reader);
            fill(server.uri(), 1); // Once before: what is loaded and made at first stays
            long before = heap();

            fill(server.uri(), CHANNELS);

            long most = before + BUDGET + BUDGET / 5;
            await().untilAsserted(() ->
                    assertThat(heap()).as("heap, %d before", before).isLessThan(most));
        }
    }

    private void fill(URI server, int channels) throws IOException, InterruptedException {
        for (int i = 0; i < channels; i++) {
            publish(server, "large." + i, "application/json", Optional.empty(), json);
            publish(server, "large." + i, "image/png", Optional.empty(), json);
            publish(server, "typing." + i, "application/json", Optional.empty(), json);
            publish(server, "typing." + i, "image/png", Optional.empty(), json);
            publish(server, "typing.keyed", "application/json", Optional.of("key" + i), json);
            for (int message = 0; message < 4; message++) {
                publish(server, "large." + i, "application/json", Optional.empty(), small);
                publish(server, "typing." + i, "application/json", Optional.empty(), small);
            }
        }
    }

    private void publish(URI server, String channel, String type, Optional<String> key, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("api/channels/" + channel + "/messages"))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body));
        key.ifPresent(value -> request.header("Idempotency-Key", value));
        assertThat(http.send(request.build(), BodyHandlers.discarding()).statusCode())
                .isEqualTo(201);
    }

    /** It reads no further than to the answer: its cursors stand still, and every channel is in memory for it. */
    private static void subscribe(RawWebSocketClient reader) throws IOException {
        reader.handshake("/channels");
        StringBuilder starts = new StringBuilder();
        for (int i = 0; i < CHANNELS; i++) {
            starts.append(i == 0 ? "" : ",")
                    .append("{\"channel\":\"large.")
                    .append(i)
                    .append("\"},");
            starts.append("{\"channel\":\"typing.").append(i).append("\"}");
        }
        reader.send("{\"id\":1,\"subscribe\":[" + starts + "]}");
        assertThat(reader.next().orElseThrow().text()).contains("\"subscribed\"");
    }

    /** What is reachable, in bytes. */
    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static byte[] json(int size) {
        byte[] text = new byte[size];
        Arrays.fill(text, (byte) 'x');
        text[0] = '"';
        text[size - 1] = '"';
        return text;
    }
}
