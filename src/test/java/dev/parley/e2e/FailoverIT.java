package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.PostgresCluster;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL fails over, or is put back to what it was, while 5 publish and 20 read over the four transports by way of two
 * nodes: no position ever has two contents, who was given what is gone is told, and nobody else is told anything.
 */
@Tag("postgresql")
@Tag("scaled")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FailoverIT {
    private static final int ROUNDS = Scale.of(1, 2, 30);
    private static final int PUBLISHERS = 5;
    private static final int READERS_OF_EACH = 5;
    private static final int AT_ONCE = 4;
    private static final Duration REST = Duration.ofMillis(20);
    private static final int MESSAGES = 200;
    private static final List<String> CHANNELS = List.of("failover.a", "failover.b");

    @TempDir
    private Path folder;

    private final List<StandaloneServer> nodes = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<URI> addresses = List.of();
    private PostgresCluster postgres;
    private List<RetryingPublisher> publishers = List.of();
    private List<FailoverReader> readers = List.of();

    @BeforeEach
    void start() throws Exception {
        postgres = PostgresCluster.start(folder);
    }

    @AfterEach
    void stop() throws Exception {
        for (FailoverReader reader : readers) {
            reader.stop();
        }
        stopNodes();
        postgres.close();
    }

    @Test
    void a_standby_that_was_cut_off_before() throws Exception {
        crowd();
        for (int round = 0; round < ROUNDS; round++) {
            int standby = postgres.addStandby();
            awaitMoreAcknowledged(MESSAGES);
            postgres.cut(standby);
            awaitMoreAcknowledged(MESSAGES);
            postgres.killPrimary();
            postgres.promote(standby);
            awaitMoreAcknowledged(MESSAGES);
        }
        FailoverVerdict verdict = verdict("cut off before");
        assertThat(verdict.lost()).as("without a loss nothing is tried").isPositive();
    }

    @Test
    void a_standby_that_streams() throws Exception {
        crowd();
        for (int round = 0; round < ROUNDS; round++) {
            int standby = postgres.addStandby();
            awaitMoreAcknowledged(MESSAGES);
            postgres.killPrimary();
            postgres.promote(standby);
            awaitMoreAcknowledged(MESSAGES);
        }
        verdict("streaming");
    }

    @Test
    void a_standby_that_is_waited_for() throws Exception {
        crowd();
        for (int round = 0; round < ROUNDS; round++) {
            int standby = postgres.addStandby();
            postgres.waitFor(standby);
            awaitMoreAcknowledged(MESSAGES);
            postgres.killPrimary();
            postgres.promote(standby);
            awaitMoreAcknowledged(MESSAGES);
        }
        FailoverVerdict verdict = verdict("synchronous");
        assertThat(verdict.lost()).as("acknowledged and gone").isZero();
    }

    /** The second one that takes over has never heard of the first. */
    @Test
    void the_new_primary_dies_too() throws Exception {
        crowd();
        int second = postgres.addStandby();
        int first = postgres.addStandby();
        awaitMoreAcknowledged(MESSAGES);
        postgres.cut(second);
        awaitMoreAcknowledged(MESSAGES);
        postgres.cut(first);
        awaitMoreAcknowledged(MESSAGES);
        postgres.killPrimary();
        postgres.promote(first);
        awaitMoreAcknowledged(MESSAGES);
        postgres.killPrimary();
        postgres.promote(second);
        awaitMoreAcknowledged(MESSAGES);
        verdict("twice, to standbys of the first");
    }

    @Test
    void while_no_node_runs() throws Exception {
        crowd();
        int standby = postgres.addStandby();
        awaitMoreAcknowledged(MESSAGES);
        postgres.cut(standby);
        awaitMoreAcknowledged(MESSAGES);
        stopNodes();
        postgres.killPrimary();
        postgres.promote(standby);
        startNodes();
        awaitMoreAcknowledged(MESSAGES);
        verdict("while no node runs");
    }

    @Test
    void a_dump_is_restored_into_a_new_database() throws Exception {
        crowd();
        awaitMoreAcknowledged(MESSAGES);
        PostgresDump dump = PostgresDump.of(postgres);
        awaitMoreAcknowledged(MESSAGES);
        postgres.killPrimary();
        postgres.replaceByEmpty();
        dump.restore(postgres);
        awaitMoreAcknowledged(MESSAGES);
        verdict("a dump restored");
    }

    @Test
    void it_is_recovered_to_a_point_in_time() throws Exception {
        crowd();
        awaitMoreAcknowledged(MESSAGES);
        Path backup = postgres.backup();
        awaitMoreAcknowledged(MESSAGES);
        String place = postgres.place();
        awaitMoreAcknowledged(MESSAGES);
        postgres.killPrimary();
        postgres.recoverTo(place, backup);
        awaitMoreAcknowledged(MESSAGES);
        verdict("recovered to a point in time");
    }

    private void crowd() {
        startNodes();
        readers = Arrays.stream(TransportKind.values())
                .flatMap(kind -> IntStream.range(0, READERS_OF_EACH)
                        .mapToObj(i -> new FailoverReader(kind, CHANNELS.get(i % CHANNELS.size()), this::node)))
                .toList();
        publishers = IntStream.range(0, PUBLISHERS)
                .mapToObj(i -> new RetryingPublisher("p" + i, this::node, CHANNELS, AT_ONCE, REST))
                .toList();
    }

    private URI node() {
        List<URI> now = addresses;
        if (now.isEmpty()) {
            throw new IllegalStateException("no node runs");
        }
        return now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
    }

    private void startNodes() {
        Map<String, String> settings = Map.of(
                "parley.jdbc.url", postgres.url(),
                "parley.jdbc.user", "postgres",
                "parley.channels.failover.history-size", "1000000");
        for (String name : List.of("one", "other")) {
            nodes.add(TestServers.start(folder.resolve(name), settings));
        }
        addresses = nodes.stream().map(StandaloneServer::uri).toList();
    }

    private void stopNodes() {
        addresses = List.of();
        nodes.forEach(StandaloneServer::close);
        nodes.clear();
    }

    private void awaitMoreAcknowledged(int more) {
        int before = acknowledged();
        await().atMost(TestClient.PATIENCE).until(() -> acknowledged() >= before + more);
    }

    private int acknowledged() {
        return publishers.stream().mapToInt(one -> one.acknowledged().size()).sum();
    }

    /** Lets everybody come to the end, and judges. */
    private FailoverVerdict verdict(String what) throws Exception {
        for (RetryingPublisher publisher : publishers) {
            publisher.stop();
        }
        Map<String, Map<Position, String>> logs = new LinkedHashMap<>();
        for (String channel : CHANNELS) {
            logs.put(channel, ChannelLoad.readAll(node(), channel));
        }
        List<String> behind = awaitEnd(logs);
        FailoverVerdict verdict = new FailoverVerdict(logs);
        publishers.forEach(publisher -> verdict.acknowledged(publisher.acknowledged()));
        readers.forEach(verdict::read);
        Figures.print("PostgreSQL fails over, " + what + ": " + verdict + ", " + behind.size() + " readers stuck");

        assertThat(publishers).flatExtracting(RetryingPublisher::faults).isEmpty();
        assertThat(verdict.faults()).as(verdict.toString()).isEmpty();
        assertThat(behind).as("readers that do not come to the end").isEmpty();
        for (Map.Entry<String, Map<Position, String>> log : logs.entrySet()) {
            assertResumed(log.getKey(), List.copyOf(log.getValue().keySet()));
        }
        return verdict;
    }

    /** Those that do not get there. */
    private List<String> awaitEnd(Map<String, Map<Position, String>> logs) {
        try {
            await().atMost(TestClient.PATIENCE).until(() -> behind(logs).isEmpty());
        } catch (ConditionTimeoutException e) {
            // judged with the rest
        }
        return behind(logs);
    }

    private List<String> behind(Map<String, Map<Position, String>> logs) {
        return readers.stream()
                .filter(reader -> {
                    List<Position> log = List.copyOf(logs.get(reader.channel()).keySet());
                    return !reader.last().equals(log.get(log.size() - 1));
                })
                .map(reader -> reader.kind() + " at " + reader.last())
                .toList();
    }

    /** From the last of each epoch, the first of the next, and some between, everything that follows is had. */
    private void assertResumed(String channel, List<Position> log) {
        for (int i = 0; i < log.size() - 1; i++) {
            if (i % MESSAGES == 0 || isBorder(log.get(i), log.get(i + 1)) || isBorder(log.get(i - 1), log.get(i))) {
                try (TestClient client = TestClient.open(node())) {
                    JsonObject subscribed = client.subscribeAfter(channel, log.get(i));
                    assertThat(subscribed.getBoolean("recovered"))
                            .as(subscribed.toString())
                            .isTrue();
                    assertThat(TestClient.position(client.awaitPushes(1).get(0)))
                            .isEqualTo(log.get(i + 1));
                }
            }
        }
    }

    private static boolean isBorder(Position one, Position next) {
        return !one.epoch().equals(next.epoch());
    }
}
