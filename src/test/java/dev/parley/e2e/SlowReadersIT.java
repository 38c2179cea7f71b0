package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.connection.Connections;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final int REST = 256 * KILOBYTE;
    private static final int MOST_HELD = 64 * KILOBYTE;
    private static final Pattern POSITION = Pattern.compile("\"channel\":\"room\",\"position\":\"([^\"]+)\",\"from\"");

    @TempDir
    private Path folder;

    @Test
    void a_hundred_subscribers_never_read_and_cost_little_and_the_others_get_everything() throws Exception {
        Map<String, String> settings = Map.of(
                "parley.limits.send-timeout", "10m",
                "parley.limits.commands-per-second", "0",
                "parley.ping.interval", "10m",
                "parley.channels.ballast.durable", "false");
        List<Reader> readers = new ArrayList<>();
        List<RawClient> silent = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), settings);
                TestClient publisher = TestClient.open(server.uri())) {
            for (int i = 0; i < READERS; i++) {
                readers.add(Reader.open(server.uri(), "room"));
            }
            // What the first few make the server keep, such as the channels' recent ends, serves all who come after
            // them
            publish(publisher, 1);
            subscribe(server, FEW, silent);
            publishRound(publisher, readers, 1);
            subscribe(server, SILENT, silent);
            ServerProcess.Memory before = settled(server);

            publishRound(publisher, readers, 2);

            ServerProcess.Memory after = settled(server);
            assertThat(readers).allMatch(reader -> reader.faults() == 0);
            long held = (after.heap() + after.direct() - before.heap() - before.direct()) / SILENT;
            Figures.print(READERS + " readers have all of " + 3 * MESSAGES + " messages of 1 KB; each of " + SILENT
                    + " that do not read costs " + held + " bytes: heap " + before.heap() + " to " + after.heap()
                    + ", direct " + before.direct() + " to " + after.direct());
            assertThat(held).isLessThan(MOST_HELD);

            for (RawClient client : silent.subList(FEW, 2 * FEW)) {
                assertThat(offsets(client, MESSAGES)).isEqualTo(offsets(2 * MESSAGES + 1, 3 * MESSAGES));
            }
        } finally {
            readers.forEach(Reader::close);
            for (RawClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void who_takes_nothing_for_too_long_is_told_that_it_is_slow_and_resumes() throws Exception {
        try (StandaloneServer server = Servers.start(
                        folder.resolve("data"),
                        Map.of(
                                "parley.limits.send-timeout", "5s",
                                "parley.limits.commands-per-second", "0",
                                "parley.channels.ballast.durable", "false"));
                TestClient publisher = TestClient.open(server.uri());
                RawClient slow = subscribed(server.uri())) {
            publish(publisher, 1);
            fill(publisher);
            publish(publisher, MESSAGES + 1);
            await().atMost(TestClient.PATIENCE)
                    .until(() -> server.bean(Connections.class).size() == 1);

            slow.readFaster();
            List<Position> given = new ArrayList<>();
            Optional<RawClient.Frame> frame = slow.next();
            while (frame.isPresent() && frame.get().first() != RawClient.CLOSE) {
                given.addAll(positions(frame.get()));
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
                RawClient flood = RawClient.open(server.uri())) {
            other.subscribe("chat.a");
            flood.handshake("/channels");
            ServerProcess.Memory before = settled(server);
            String hundred = "{\"id\":1,\"presence\":{\"channel\":\"chat.a\"}}\n".repeat(100);
            byte[] frame = RawClient.frame(RawClient.TEXT, hundred.getBytes(StandardCharsets.UTF_8));

            int sent = flood(flood, frame, 1_000);

            ServerProcess.Memory after = settled(server);
            long held = after.heap() + after.direct() - before.heap() - before.direct();
            Figures.print(100 * sent + " presences asked for and no reply read hold " + held + " bytes");
            assertThat(held).isLessThan(2 * KILOBYTE * KILOBYTE);
            assertThat(other.reply("presence", "{\"channel\":\"chat.a\"}")).containsKey("presence");
        }
    }

    private static void subscribe(ServerProcess server, int more, List<RawClient> silent) throws IOException {
        for (int i = 0; i < more; i++) {
            silent.add(subscribed(server.uri()));
        }
    }

    /** So much that nothing more goes out to those who do not read, and what the others wait for. */
    private static void publishRound(TestClient publisher, List<Reader> readers, int number) {
        fill(publisher);
        publish(publisher, number * MESSAGES + 1);
        awaitAll(readers, (number + 1L) * MESSAGES);
    }

    /** When the server has come to rest: it goes on filling the operating system's buffers for a while. */
    private static ServerProcess.Memory settled(ServerProcess server) {
        AtomicReference<ServerProcess.Memory> last = new AtomicReference<>(server.memory());
        await().atMost(TestClient.PATIENCE).until(() -> {
            ServerProcess.Memory now = server.memory();
            return Math.abs(now.heap() - last.getAndSet(now).heap()) < REST;
        });
        return last.get();
    }

    /** How many went out before the server ended it. */
    private static int flood(RawClient client, byte[] frame, int count) {
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
        Filling.publish(publisher, "room", from, MESSAGES, "x".repeat(KILOBYTE));
    }

    /** More than the operating system takes from the server for a client that does not read (4 MB on Linux). */
    private static void fill(TestClient publisher) {
        Filling.publish(publisher, "ballast", 1, 6_000, "x".repeat(KILOBYTE));
    }

    private static void awaitAll(List<Reader> readers, long offset) {
        await().atMost(TestClient.PATIENCE).until(() -> readers.stream().allMatch(reader -> reader.last() >= offset));
    }

    private static RawClient subscribed(URI server) throws IOException {
        RawClient client = RawClient.open(server);
        client.handshake("/channels");
        client.send("{\"id\":1,\"subscribe\":[{\"channel\":\"room\"},{\"channel\":\"ballast\"}]}");
        assertThat(client.next().orElseThrow().text()).contains("\"subscribed\"");
        return client;
    }

    private static List<Long> offsets(RawClient client, int count) {
        List<Long> offsets = new ArrayList<>();
        try {
            client.readFaster();
            while (offsets.size() < count) {
                positions(client.next().orElseThrow()).forEach(position -> offsets.add(position.offset()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return offsets;
    }

    private static List<Position> positions(RawClient.Frame frame) {
        Matcher matcher = POSITION.matcher(frame.text());
        List<Position> positions = new ArrayList<>();
        while (matcher.find()) {
            positions.add(Position.parse(matcher.group(1)).orElseThrow());
        }
        return positions;
    }

    private static List<Long> offsets(long first, long last) {
        List<Long> offsets = new ArrayList<>();
        for (long offset = first; offset <= last; offset++) {
            offsets.add(offset);
        }
        return offsets;
    }
}
