package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.PostgresServer;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import dev.parley.testing.WallClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose clock is set ahead and back again, under load. */
@Tag("scaled")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ClockJumpIT {
    private static final int JUMPS = 10;
    private static final Duration EIGHT_DAYS = Duration.ofDays(8);
    private static final int KEPT = 6_000;
    private static final String TEXT = "x".repeat(2_000);

    /** What a message or a key takes besides, as {@code parley.log.max-size} has it. */
    private static final int ENTRY = 256;

    @TempDir
    private Path folder;

    @Test
    void the_file_holds_no_more_than_twice_what_is_retained_and_a_kill_loses_nothing() throws Exception {
        WallClock clock = WallClock.in(folder);
        AtomicReference<ServerProcess> server = new AtomicReference<>(start(clock));
        try {
            ChannelLoad crowd = new ChannelLoad(() -> server.get().uri(), "crash", 2, 2, 8, Duration.ofMillis(50));
            publish(server.get(), KEPT);
            long before = size();
            long most = 0;
            for (int jump = 1; jump <= JUMPS; jump++) {
                clock.set(jump % 2 == 0 ? Duration.ZERO : Duration.ofHours(jump));
                publish(server.get(), Scale.of(KEPT / 8, KEPT / 4, 3 * KEPT));
                crowd.awaitMoreAcknowledged(100);
                if (jump == JUMPS / 2) {
                    server.get().kill();
                    clock.set(Duration.ZERO);
                    server.set(start(clock));
                }
                most = Math.max(most, size());
                await().atMost(TestClient.PATIENCE).until(() -> size() <= 2 * retained(crowd));
            }
            server.get().kill();
            server.set(start(clock));
            publish(server.get(), 1);
            await().atMost(TestClient.PATIENCE).until(() -> size() <= 2 * retained(crowd));
            Figures.print(JUMPS + " jumps of the clock: H2's file had " + before / 1024 + " KB before, " + most / 1024
                    + " KB at most and has " + size() / 1024 + " KB, of which " + retained(crowd) / 1024
                    + " KB are retained; " + crowd.assertPromisesKept());
        } finally {
            server.get().close();
        }
    }

    @Test
    void on_h2_a_clock_that_is_set_eight_days_ahead_takes_nobody_s_history() throws Exception {
        WallClock clock = WallClock.in(folder);
        try (ServerProcess server = start(clock)) {
            publish(server, 10);
            clock.set(EIGHT_DAYS);
            String health = await().atMost(TestClient.PATIENCE)
                    .until(() -> ready(server), body -> body.contains("parley.log.clock-skew"));
            assertThat(health).startsWith("{\"status\":\"UP\"");
            assertThat(history(server)).isEqualTo(10);

            clock.set(Duration.ZERO);
            await().atMost(TestClient.PATIENCE).until(() -> !ready(server).contains("parley.log.clock-skew"));
            assertThat(history(server)).isEqualTo(10);
        }
        clock.set(EIGHT_DAYS);
        try (ServerProcess server = start(clock)) {
            assertThat(ready(server)).contains("parley.log.clock-gap");
            assertThat(history(server)).isEqualTo(10);
            assertThat(server.stackTraces()).isEmpty();
        }
    }

    @Test
    @Tag("postgresql")
    void on_postgresql_a_node_eight_days_ahead_is_not_ready_and_takes_nobody_s_history() throws Exception {
        Map<String, String> settings =
                Map.of("parley.jdbc.url", PostgresServer.newDatabase(), "parley.jdbc.user", "postgres");
        WallClock clock = WallClock.in(folder);
        try (ServerProcess right = ServerProcess.start(folder.resolve("right"), settings)) {
            publish(right, 5);
            clock.set(EIGHT_DAYS);
            try (ServerProcess ahead = ServerProcess.start(folder.resolve("ahead"), settings, clock)) {
                assertThat(ready(ahead)).startsWith("{\"status\":\"DOWN\"").contains("parley.log.clock-skew");
                publish(ahead, 5);
                await().atMost(TestClient.PATIENCE).until(() -> history(right) == 10);
                assertThat(ready(right)).startsWith("{\"status\":\"UP\"").doesNotContain("clock-skew");

                clock.set(Duration.ZERO);
                await().atMost(TestClient.PATIENCE).until(() -> ready(ahead).startsWith("{\"status\":\"UP\""));
                assertThat(history(right)).isEqualTo(10);
            }
        }
    }

    private static String ready(ServerProcess server) throws Exception {
        URI uri = URI.create(server.uri() + "/").resolve("/health/ready");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int history(ServerProcess server) {
        try (TestClient client = TestClient.open(server.uri())) {
            return client.reply("history", "{\"channel\":\"bulk.a\",\"limit\":50}")
                    .getJsonObject("history")
                    .getJsonArray("messages")
                    .size();
        }
    }

    private ServerProcess start(WallClock clock) {
        return ServerProcess.start(
                folder.resolve("data"),
                Map.of(
                        "parley.channels.crash.history-size", "1000000",
                        "parley.channels.bulk.history-size", "" + KEPT,
                        "parley.limits.commands-per-second", "0",
                        "parley.limits.publish-bytes-per-second", "0"),
                clock);
    }

    private static void publish(ServerProcess server, int count) {
        try (TestClient client = TestClient.open(server.uri())) {
            BulkPublisher.publish(client, "bulk.a", 1, count, TEXT);
        }
    }

    private long size() throws IOException {
        return Files.size(folder.resolve("data/parley.mv.db"));
    }

    private static long retained(ChannelLoad crowd) {
        return (long) KEPT * (TEXT.length() + ENTRY) + crowd.acknowledged() * 2L * ENTRY;
    }
}
