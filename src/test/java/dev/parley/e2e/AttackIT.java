package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred hostile clients at once, of every kind we know, beside a crowd that notices nothing. */
@Tag("scaled")
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class AttackIT {
    private static final int OF_EACH_WAY = 9;
    private static final int ACKNOWLEDGED_MEANWHILE = 300;
    private static final int WAVES = Scale.of(1, 1, 10);
    private static final int LEFT_BEHIND = 16 * 1024 * 1024;

    /** What those are told who wait for an answer. */
    private static final Map<Attacker.Way, Integer> ANSWERS = Map.of(
            Attacker.Way.HUGE_BODY, 413,
            Attacker.Way.SMUGGLING, 400,
            Attacker.Way.TRAVERSAL, 400,
            Attacker.Way.FOREIGN_ORIGIN, 403,
            Attacker.Way.FOREIGN_HOST, 403);

    @TempDir
    private static Path folder;

    @Test
    void a_crowd_goes_on_while_two_hundred_attack_and_nothing_is_left_of_them() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (ServerProcess server = ServerProcess.start(data, settings())) {
            ChannelLoad crowd = new ChannelLoad(server::uri, "others", 2, 4);
            crowd.awaitMoreAcknowledged(200);
            attack(server, crowd, 1); // Once before: what is loaded and made at first stays
            ServerProcess.Memory before = quiet(server);

            int connections = 0;
            for (int wave = 0; wave < WAVES; wave++) {
                connections += attack(server, crowd, OF_EACH_WAY);
            }

            ServerProcess.Memory after = rid(server, before);
            Figures.print(connections + " hostile connections by " + WAVES + " times "
                    + OF_EACH_WAY * Attacker.Way.values().length
                    + " attackers; heap " + before.heap() / 1024 + " KB before, " + after.heap() / 1024
                    + " KB after; threads " + before.threads() + ", " + after.threads() + "; files " + before.files()
                    + ", " + after.files());
            Figures.print("beside them: " + crowd.assertPromisesKept());
            assertThat(crowd.resumed())
                    .as("connections of others that were cut")
                    .isZero();
            assertThat(server.stackTraces()).isEmpty();
            assertNothingLeft(before, after);
        }
    }

    private static void assertNothingLeft(ServerProcess.Memory before, ServerProcess.Memory after) {
        assertThat(after.heap()).isLessThan(before.heap() + LEFT_BEHIND);
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 2);
        assertThat(after.files()).isLessThanOrEqualTo(before.files() + 2);
    }

    private static Map<String, String> settings() throws IOException {
        return Map.of(
                "parley.web", Path.of("src/main/webapp").toAbsolutePath().toString(),
                "parley.limits.handshake-timeout", "5s",
                "parley.limits.body-timeout", "2s",
                "parley.limits.send-timeout", "6s",
                "parley.limits.unfinished-size", "64MB",
                "parley.channels.others.history-size", "1000000");
    }

    /** Until others have had so many messages acknowledged; gives the number of connections. */
    private static int attack(ServerProcess server, ChannelLoad crowd, int ofEachWay) throws Exception {
        List<Attacker> attackers = Stream.of(Attacker.Way.values())
                .flatMap(way -> IntStream.range(0, ofEachWay).mapToObj(i -> new Attacker(way, server.uri())))
                .toList();
        await().atMost(TestClient.PATIENCE)
                .until(() -> ANSWERS.keySet().stream()
                        .allMatch(way -> attackers.stream()
                                .anyMatch(attacker -> attacker.way() == way
                                        && !attacker.answers().isEmpty())));
        await().atMost(TestClient.PATIENCE)
                .until(() -> attackers.stream().allMatch(attacker -> attacker.connections() > 0));
        crowd.awaitMoreAcknowledged(ACKNOWLEDGED_MEANWHILE);
        for (Attacker attacker : attackers) {
            attacker.stop();
        }
        for (Attacker attacker : attackers) {
            attacker.join();
        }
        assertThat(attackers)
                .allSatisfy(attacker -> assertThat(attacker.answers())
                        .as(attacker.way().toString())
                        .noneMatch(answer -> answer.matches("(?s)HTTP/1.1 (2|5).*")));
        ANSWERS.forEach((way, status) -> assertThat(attackers)
                .filteredOn(attacker -> attacker.way() == way)
                .flatExtracting(Attacker::answers)
                .as("%s", way)
                .isNotEmpty()
                .allMatch(answer -> answer.startsWith("HTTP/1.1 " + status)));
        return attackers.stream().mapToInt(Attacker::connections).sum();
    }

    /** When no more is left of the hostile connections than was before, which may take the server a while. */
    private static ServerProcess.Memory rid(ServerProcess server, ServerProcess.Memory before) {
        AtomicReference<ServerProcess.Memory> after = new AtomicReference<>();
        await().atMost(TestClient.PATIENCE).untilAsserted(() -> {
            after.set(server.memory());
            assertNothingLeft(before, after.get());
        });
        return after.get();
    }

    /** When all hostile connections have ended: the crowd's own stay. */
    private static ServerProcess.Memory quiet(ServerProcess server) {
        await().atMost(TestClient.PATIENCE)
                .pollInterval(java.time.Duration.ofMillis(500))
                .until(() -> {
                    int files = server.memory().files();
                    return server.memory().files() == files;
                });
        return server.memory();
    }
}
