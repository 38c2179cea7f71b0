package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who comes back with its last position is given exactly what it missed, or told what is gone. */
@Timeout(180)
class ResumeIT {
    private static final int HISTORY = 100;
    private static final Map<String, String> SETTINGS = Map.of(
            "parley.limits.commands-per-second",
            "0",
            "parley.limits.publish-bytes-per-second",
            "0",
            "parley.log.trim-interval",
            "100ms",
            "parley.channels.small.history-size",
            Integer.toString(HISTORY));

    @TempDir
    private Path folder;

    private StandaloneServer server;
    private TestClient publisher;

    @BeforeEach
    void start() {
        start("data");
    }

    @AfterEach
    void stop() {
        publisher.close();
        server.close();
    }

    @Test
    void a_client_away_for_a_thousand_messages_is_given_exactly_those() {
        Position last;
        try (TestClient client = TestClient.open(server.uri())) {
            client.subscribe("room");
            BulkPublisher.publish(publisher, "room", 1, 10);
            last = TestClient.position(client.awaitPushes(10).get(9));
        }
        BulkPublisher.publish(publisher, "room", 11, 1_000);
        // A publish is answered a moment before the channel's readers know of it
        await().atMost(TestClient.PATIENCE).until(() -> head("room") == 1_010);

        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = client.subscribeAfter("room", last);
            assertThat(subscribed.getBoolean("recovered")).isTrue();
            assertThat(subscribed.getString("position")).isEqualTo(last.toString());
            assertThat(subscribed.getString("head")).isEqualTo(last.at(1_010).toString());
            client.awaitPushes(1_000);
            BulkPublisher.publish(publisher, "room", 1_011, 1);

            assertThat(numbers(client.awaitPushes(1_001))).isEqualTo(range(11, 1_011));
        }
    }

    @Test
    void a_client_that_drops_again_and_again_while_its_history_is_still_coming_has_it_without_a_hole() {
        BulkPublisher.publish(publisher, "room", 1, 5_000, "x".repeat(200));
        List<Integer> given = new ArrayList<>();
        Position last = Position.NONE;
        int drops = 0;
        for (int most = 1; given.size() < 5_000; most += most) {
            last = takeAndDrop("room", last, Math.min(most, 5_000 - given.size()), given);
            drops++;
        }

        assertThat(drops).isGreaterThan(10);
        assertThat(given).isEqualTo(range(1, 5_000));
    }

    @Test
    void a_client_away_beyond_the_retention_is_told_what_is_lost_and_given_the_rest() {
        Position here = publisher.publish("small", "k", "{\"n\":1}");
        BulkPublisher.publish(publisher, "small", 2, 499);
        await().atMost(TestClient.PATIENCE).until(() -> lostBefore("small") == 500 - HISTORY + 1);

        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = client.subscribeAfter("small", here.at(10));
            assertThat(subscribed.getBoolean("recovered")).isFalse();
            assertThat(subscribed.getJsonObject("lost").getString("after"))
                    .isEqualTo(here.at(10).toString());
            assertThat(subscribed.getJsonObject("lost").getString("before"))
                    .isEqualTo(here.at(401).toString());
            assertThat(subscribed.getString("position")).isEqualTo(here.at(400).toString());

            assertThat(numbers(client.awaitPushes(HISTORY))).isEqualTo(range(401, 500));
        }
    }

    @Test
    void a_client_of_an_epoch_that_a_restored_backup_does_not_know_is_told_so_and_given_all_that_it_holds() {
        BulkPublisher.publish(publisher, "room", 1, 19);
        Position saved = publisher.publish("room", "k", "{\"n\":20}");
        server.close();
        copy("data", "backup");
        start("data");
        Position last = publisher.publish("room", "l", "{\"n\":21}");
        server.close();

        start("backup");
        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = client.subscribeAfter("room", last);
            assertThat(subscribed.getBoolean("recovered")).isFalse();
            assertThat(subscribed.getString("head")).isEqualTo(saved.toString());
            BulkPublisher.publish(publisher, "room", 100, 1);

            List<Integer> expected = new ArrayList<>(range(1, 20));
            expected.add(100);
            assertThat(numbers(client.awaitPushes(21))).isEqualTo(expected);
        }
    }

    @Test
    void a_client_that_left_before_a_backup_was_made_gets_exactly_what_it_missed_of_what_was_put_back() {
        Position seen = publisher.publish("room", "k", "{\"n\":1}");
        BulkPublisher.publish(publisher, "room", 2, 19);
        server.close();
        copy("data", "backup");
        start("data");
        BulkPublisher.publish(publisher, "room", 21, 5);
        server.close();

        start("backup");
        BulkPublisher.publish(publisher, "room", 100, 1);
        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = client.subscribeAfter("room", seen);
            assertThat(subscribed.getBoolean("recovered")).isTrue();

            List<Integer> expected = new ArrayList<>(range(2, 20));
            expected.add(100);
            assertThat(numbers(client.awaitPushes(20))).isEqualTo(expected);
        }
    }

    @Test
    void a_client_of_another_log_is_told_so_and_given_all_that_this_one_holds() {
        BulkPublisher.publish(publisher, "room", 1, 3);

        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = client.subscribeAfter("room", new Position("another", 2));
            assertThat(subscribed.getBoolean("recovered")).isFalse();

            assertThat(numbers(client.awaitPushes(3))).containsExactly(1, 2, 3);
        }
    }

    private void start(String data) {
        server = TestServers.start(folder.resolve(data), SETTINGS);
        publisher = TestClient.open(server.uri());
    }

    /** Reads on, and goes without a word in the midst of it. */
    private Position takeAndDrop(String channel, Position after, int most, List<Integer> given) {
        int enough = given.size() + most;
        AtomicReference<Position> last = new AtomicReference<>(after);
        AtomicReference<TestClient> self = new AtomicReference<>();
        try (TestClient client = TestClient.open(server.uri(), push -> {
            if (given.size() < enough) {
                given.add(number(push));
                last.set(TestClient.position(push));
                if (given.size() == enough) {
                    self.get().drop();
                }
            }
        })) {
            self.set(client);
            assertThat(client.subscribeAfter(channel, after).getBoolean("recovered"))
                    .isTrue();
            client.awaitClosing();
        }
        return last.get();
    }

    private long head(String channel) {
        try (TestClient client = TestClient.open(server.uri())) {
            return Position.parse(client.subscribe(channel).getString("head"))
                    .orElseThrow()
                    .offset();
        }
    }

    private long lostBefore(String channel) {
        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = client.subscribeAfter(channel, Position.NONE);
            return subscribed.containsKey("lost")
                    ? Position.parse(subscribed.getJsonObject("lost").getString("before"))
                            .orElseThrow()
                            .offset()
                    : 0;
        }
    }

    private void copy(String from, String to) {
        try (Stream<Path> files = Files.walk(folder.resolve(from))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(to).resolve(folder.resolve(from).relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Integer> numbers(List<JsonObject> pushes) {
        return pushes.stream().map(ResumeIT::number).toList();
    }

    private static int number(JsonObject push) {
        return push.getJsonObject("data").getInt("n");
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }
}
