package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Position;
import dev.parley.testing.Scale;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.WireClient;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients come and go, read quickly or slowly, and resume, while others publish. */
@Tag("scaled")
class ResumingStressTest {
    private static final int CHANNELS = 3;
    private static final int MESSAGES = 1_500;
    private static final int ROUNDS = Scale.of(1, 5, 200);
    private static final int READERS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(2);

    @TempDir
    private Path folder;

    @Test
    void every_reader_sees_every_message_once_and_in_order_however_often_it_goes_and_comes_back() throws Exception {
        long seed = new Random().nextLong();
        ExecutorService threads = Executors.newFixedThreadPool(CHANNELS + READERS);
        try (TestNode node = new TestNode(folder, Map.of())) {
            for (int round = 0; round < ROUNDS; round++) {
                everybodyReads(node, threads, "r" + round + "c", seed + round);
            }
            assertThat(node.node().connections().size()).isZero();
        } finally {
            threads.shutdown();
        }
    }

    private static void everybodyReads(TestNode node, ExecutorService threads, String channels, long seed)
            throws Exception {
        List<Future<List<String>>> reading = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            String channel = channels + reader % CHANNELS;
            Random random = new Random(seed + reader);
            reading.add(threads.submit(() -> read(node, channel, random)));
        }
        List<Future<?>> publishing = new ArrayList<>();
        for (int c = 0; c < CHANNELS; c++) {
            String channel = channels + c;
            publishing.add(threads.submit(() -> publish(node, channel)));
        }
        for (Future<?> each : publishing) {
            each.get();
        }

        List<String> expected =
                LongStream.rangeClosed(1, MESSAGES).mapToObj(i -> i + "=" + i).toList();
        for (Future<List<String>> each : reading) {
            assertThat(each.get()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private static void publish(TestNode node, String channel) {
        for (int i = 1; i <= MESSAGES; i++) {
            var published = node.publish(channel, Optional.empty(), Integer.toString(i));
            if (i % 50 == 0) {
                assertThat(published.toCompletableFuture()).succeedsWithin(PATIENCE);
            }
        }
    }

    /** All that it saw, as offset and data, over as many connections as it took. */
    private static List<String> read(TestNode node, String channel, Random random) {
        List<String> seen = new ArrayList<>();
        String position = Position.NONE.toString();
        while (seen.size() < MESSAGES) {
            WireClient client = node.client();
            client.subscribe(1, channel, ",\"after\":\"" + position + "\"");
            int enough = Math.min(MESSAGES - seen.size(), random.nextInt(200));
            boolean slow = random.nextBoolean();
            client.transport().mode(slow ? ScriptedTransport.Mode.LATER : ScriptedTransport.Mode.AT_ONCE);
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> {
                if (client.transport().isUnderWay()) {
                    client.transport().complete();
                }
                return client.messages(channel).size() >= enough;
            });
            client.drop();
            for (JsonObject message : client.messages(channel)) {
                position = message.getString("position");
                seen.add(Position.parse(position).orElseThrow().offset() + "=" + message.get("data"));
            }
        }
        return seen;
    }
}
