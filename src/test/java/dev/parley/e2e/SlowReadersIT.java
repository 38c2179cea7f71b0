package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.connection.Connections;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who does not read costs little, harms nobody, and is given what it missed when it reads again. */
@Tag("scaled")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SlowReadersIT {
    private static final int READERS = Scale.of(200, 900, 4_000);
    private static final int SILENT = 100;
    private static final int FEW = 10;
    private static final int MESSAGES = 600;
    private static final int KILOBYTE = 1_024;
    private static final int MOST_HELD = 64 * KILOBYTE;

    @TempDir
    private Path folder;

    @Test
    void a_hundred_subscribers_never_read_and_cost_little_and_the_others_get_everything() throws Exception {
        Map<String, String> settings = Map.of(
                "parley.limits.send-timeout", "10m",
                "parley.limits.commands-per-second", "0",
                "parley.limits.publish-bytes-per-second", "0",
                "parley.ping.interval", "10m",
                "parley.channels.ballast.durable", "false",
                // On a slow machine its minute would be over before the first look at the heap, and not before the
                // second
                "parley.channels.ballast.history-age", "1h");
        List<CountingReader> readers = new ArrayList<>();
        List<RawWebSocketClient> silent = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), settings);
                TestClient publisher = TestClient.open(server.uri())) {
            for (int i = 0; i < READERS; i++) {
                readers.add(CountingReader.open(server.uri(), "room"));
            }
            // What the first few make the server keep, such as the channels' recent ends, serves all who come after
            // them
            publish(publisher, 1);
            subscribe(server, FEW, silent);
            publishRound(publisher, readers, 1);
            subscribe(server, SILENT, silent);
            ServerProcess.Memory before = server.settledMemory();

            publishRound(publisher, readers, 2);

            ServerProcess.Memory after = server.settledMemory();
            assertThat(readers).allMatch(reader -> reader.faults() == 0);
            long held = (after.heap() + after.direct() - before.heap() - before.direct()) / SILENT;
            Figures.print(READERS + " readers have all of " + 3 * MESSAGES + " messages of 1 KB; each of " + SILENT
                    + " that do not read costs " + held + " bytes: heap " + before.heap() + " to " + after.heap()
                    + ", direct " + before.direct() + " to " + after.direct());
            assertThat(held).isLessThan(MOST_HELD);

            for (RawWebSocketClient client : silent.subList(FEW, 2 * FEW)) {
                assertThat(offsets(client, MESSAGES)).isEqualTo(offsets(2 * MESSAGES + 1, 3 * MESSAGES));
            }
        } finally {
            readers.forEach(CountingReader::close);
            for (RawWebSocketClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void who_takes_nothing_for_too_long_is_told_that_it_is_slow_and_resumes() throws Exception {
        try (StandaloneServer server = TestServers.start(
                        folder.resolve("data"),
                        Map.of(
                                "parley.limits.send-timeout",
                                "5s",
                                "parley.limits.commands-per-second",
                                "0",
                                "parley.limits.publish-bytes-per-second",
                                "0",
                                "parley.channels.ballast.durable",
                                "false"));
                TestClient publisher = TestClient.open(server.uri());
                RawWebSocketClient slow = subscribed(server.uri())) {
            publish(publisher, 1);
            fill(publisher);
            publish(publisher, MESSAGES + 1);
            await().atMost(TestClient.PATIENCE)
                    .until(() -> server.bean(Connections.class).size() == 1);

            slow.readFaster();
            List<Position> given = new ArrayList<>();
            Optional<RawWebSocketClient.Frame> frame = slow.next();
            while (frame.isPresent() && frame.get().first() != RawWebSocketClient.CLOSE) {
                given.addAll(frame.get().positions("room"));
                frame = slow.next();
            }
            assertThat(frame.orElseThrow().code()).isEqualTo(4002);
            assertThat(frame.get().reason()).isEqualTo("slow; reconnect");
            assertThat(given).hasSizeBetween(1, 2 * MESSAGES - 1);

            try (TestClient again = TestClient.open(server.uri())) {
                Position last = given.get(given.size() - 1);
                assertThat(again.subscribeAfter("room", last).getBoolean("recovered"))
                        .isTrue();
                again.awaitPushes(2 * MESSAGES - given.size()).forEach(push -> given.add(TestClient.position(push)));
            }
            assertThat(given).extracting(Position::offset).isEqualTo(offsets(1, 2 * MESSAGES));
        }
    }

    @Test
    void who_asks_for_presence_a_hundred_thousand_times_and_reads_no_reply_costs_little() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), Map.of());
                TestClient other = TestClient.open(server.uri());
                RawWebSocketClient flood = RawWebSocketClient.open(server.uri())) {
            other.subscribe("chat.a");
            String hundred = "{\"id\":1,\"presence\":{\"channel\":\"chat.a\"}}\n".repeat(100);
            byte[] frame = RawWebSocketClient.frame(RawWebSocketClient.TEXT, hundred.getBytes(StandardCharsets.UTF_8));
            try (RawWebSocketClient first = RawWebSocketClient.open(server.uri())) {
                first.handshake("/channels");
                flood(first, frame, 1_000); // What is loaded and made at first stays
            }
            flood.handshake("/channels");
            ServerProcess.Memory before = server.memoryAfterFarewells();

            int sent = flood(flood, frame, 1_000);

            ServerProcess.Memory after = server.memoryAfterFarewells();
            long held = after.heap() + after.direct() - before.heap() - before.direct();
            Figures.print(100 * sent + " presences asked for and no reply read hold " + held + " bytes");
            assertThat(held).isLessThan(2 * KILOBYTE * KILOBYTE);
            assertThat(other.reply("presence", "{\"channel\":\"chat.a\"}")).containsKey("presence");
        }
    }

    private static void subscribe(ServerProcess server, int more, List<RawWebSocketClient> silent) throws IOException {
        for (int i = 0; i < more; i++) {
            silent.add(subscribed(server.uri()));
        }
    }

    /** So much that nothing more goes out to those who do not read, and what the others wait for. */
    private static void publishRound(TestClient publisher, List<CountingReader> readers, int number) {
        fill(publisher);
        publish(publisher, number * MESSAGES + 1);
        awaitAll(readers, (number + 1L) * MESSAGES);
    }

    /** How many went out before the server ended it. */
    private static int flood(RawWebSocketClient client, byte[] frame, int count) {
        for (int i = 0; i < count; i++) {
            try {
                client.write(frame);
            } catch (IOException e) {
                return i;
            }
        }
        return count;
    }

    private static void publish(TestClient publisher, int from) {
        BulkPublisher.publish(publisher, "room", from, MESSAGES, "x".repeat(KILOBYTE));
    }

    /** More than the operating system takes from the server for a client that does not read (4 MB on Linux). */
    private static void fill(TestClient publisher) {
        BulkPublisher.publish(publisher, "ballast", 1, 6_000, "x".repeat(KILOBYTE));
    }

    private static void awaitAll(List<CountingReader> readers, long offset) {
        await().atMost(TestClient.PATIENCE).until(() -> readers.stream().allMatch(reader -> reader.last() >= offset));
    }

    private static RawWebSocketClient subscribed(URI server) throws IOException {
        RawWebSocketClient client = RawWebSocketClient.open(server);
        client.handshake("/channels");
        client.send("{\"id\":1,\"subscribe\":[{\"channel\":\"room\"},{\"channel\":\"ballast\"}]}");
        assertThat(client.next().orElseThrow().text()).contains("\"subscribed\"");
        return client;
    }

    private static List<Long> offsets(RawWebSocketClient client, int count) {
        List<Long> offsets = new ArrayList<>();
        try {
            client.readFaster();
            while (offsets.size() < count) {
                client.next().orElseThrow().positions("room").forEach(position -> offsets.add(position.offset()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return offsets;
    }

    private static List<Long> offsets(long first, long last) {
        List<Long> offsets = new ArrayList<>();
        for (long offset = first; offset <= last; offset++) {
            offsets.add(offset);
        }
        return offsets;
    }
}
