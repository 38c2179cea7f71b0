package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a crowd has the server keep by the default limits, the heap stays within what the server's budgets come to,
 * and a hundred others lose nothing and need not come back.
 */
@Tag("scaled")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HoardersIT {
    /** Few where other tests run beside: they take all of the machine that they are given. */
    private static final int HOARDERS = Scale.of(26, 1_000, 1_000);

    private static final Duration LASTING =
            Scale.of(Duration.ofSeconds(6), Duration.ofMinutes(1), Duration.ofMinutes(10));
    private static final Duration ALONE =
            Scale.of(Duration.ofSeconds(4), Duration.ofSeconds(15), Duration.ofMinutes(1));

    /** To look at the heap is to collect it, for which the server stands still: a tenth of the time, every four seconds. */
    private static final Duration LOOK =
            Scale.of(Duration.ofSeconds(4), Duration.ofSeconds(15), Duration.ofSeconds(15));

    private static final int PUBLISHERS = 20;
    private static final int FOLLOWERS = 80;
    private static final Duration REST = Duration.ofMillis(250);

    /**
     * Of a heap of 512 MB: a quarter for what has not come whole, 64 MB for what waits to be stored, 64 MB of recent
     * messages and 16 MB of older ones.
     */
    private static final long BUDGET = (128L + 64 + 64 + 16) << 20;

    private static final double MORE = 1.2;

    @TempDir
    private static Path folder;

    @Test
    void a_crowd_that_hoards_fills_no_heap_and_others_go_on() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        // All of it is compared in the end
        Map<String, String> whole = Map.of("parley.channels.others.history-size", "1000000");
        try (ServerProcess server = ServerProcess.start(data, whole)) {
            ChannelLoad others = new ChannelLoad(server::uri, "others", PUBLISHERS, FOLLOWERS, 1, REST);
            others.awaitMoreAcknowledged(10 * PUBLISHERS);
            double alone = perSecond(others, ALONE);
            long before = server.memory().heap();

            List<Hoarder> hoarders = new ArrayList<>();
            while (hoarders.size() < HOARDERS) {
                Stream.of(Hoarder.Way.values())
                        .limit(HOARDERS - hoarders.size())
                        .forEach(way -> hoarders.add(new Hoarder(way, server.uri())));
            }
            int acknowledged = others.acknowledged();
            long start = System.nanoTime();
            long most = before;
            while (System.nanoTime() - start < LASTING.toNanos()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(LOOK.toNanos(), LASTING.toNanos()));
                most = Math.max(most, server.memory().heap());
            }
            double beside = (others.acknowledged() - acknowledged) * 1e9 / (System.nanoTime() - start);
            int rounds = hoarders.stream().mapToInt(Hoarder::rounds).sum();
            for (Hoarder hoarder : hoarders) {
                hoarder.stop();
            }
            for (Hoarder hoarder : hoarders) {
                hoarder.join();
            }

            Figures.print(HOARDERS + " that hoard, " + rounds + " times: heap " + (before >> 20) + " MB before, "
                    + (most >> 20) + " MB at most, of a budget of " + (BUDGET >> 20) + " MB; others published "
                    + Math.round(alone) + " a second alone, " + Math.round(beside) + " beside them");
            String kept = others.assertPromisesKept();
            Figures.print("beside them: " + kept);
            assertThat(server.stackTraces()).isEmpty();
            assertThat(most).isLessThan(before + (long) (MORE * BUDGET));
            assertThat(others.resumed()).as("others that had to come back").isZero();
        }
    }

    private static double perSecond(ChannelLoad load, Duration during) {
        int before = load.acknowledged();
        long start = System.nanoTime();
        await().pollDelay(during).atMost(during.plus(TestClient.PATIENCE)).until(() -> load.acknowledged() > before);
        return (load.acknowledged() - before) * 1e9 / (System.nanoTime() - start);
    }
}
