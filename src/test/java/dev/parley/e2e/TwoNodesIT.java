package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.jdbc.PostgresServer;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL are one conversation. */
@Tag("postgresql")
@Tag("scaled")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class TwoNodesIT {
    private static final int ROUNDS = Scale.of(1, 5, 100);

    @TempDir
    private Path folder;

    @Test
    void subscribers_of_both_nodes_see_what_publishers_of_both_nodes_say_in_one_order() throws Exception {
        Map<String, String> settings =
                Map.of("parley.jdbc.url", PostgresServer.newDatabase(), "parley.jdbc.user", "postgres");
        try (StandaloneServer one = TestServers.start(folder.resolve("one"), settings);
                StandaloneServer other = TestServers.start(folder.resolve("other"), settings)) {
            List<URI> nodes = List.of(one.uri(), other.uri());
            Supplier<URI> taken = inTurn(nodes);
            ChannelLoad crowd = new ChannelLoad(taken, "nodes", 4, 8);
            for (int round = 0; round < ROUNDS; round++) {
                crowd.awaitMoreAcknowledged(600);
            }

            Figures.print("Two nodes on PostgreSQL: " + crowd.assertPromisesKept());
        }
    }

    @Test
    void what_one_node_is_told_reaches_an_idle_subscriber_of_the_other() throws Exception {
        Map<String, String> settings =
                Map.of("parley.jdbc.url", PostgresServer.newDatabase(), "parley.jdbc.user", "postgres");
        try (StandaloneServer one = TestServers.start(folder.resolve("one"), settings);
                StandaloneServer other = TestServers.start(folder.resolve("other"), settings);
                TestClient reader = TestClient.open(other.uri());
                TestClient writer = TestClient.open(one.uri())) {
            reader.subscribeAfter("nodes.idle", Position.NONE);
            Position published = writer.publish("nodes.idle", "k1", RetryingPublisher.data("k1"));

            assertThat(reader.awaitPushes(1)).extracting(TestClient::position).containsExactly(published);
        }
    }

    private static Supplier<URI> inTurn(List<URI> nodes) {
        AtomicInteger turn = new AtomicInteger();
        return () -> nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()));
    }
}
