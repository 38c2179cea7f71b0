package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Position;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands who wait and listen over HTTP cost no threads, and little else; who never reads costs a cursor. */
@Tag("scaled")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HttpLoadIT {
    private static final String CHANNEL = "load.a";
    private static final int FEW = 50;
    private static final int POLLS = Scale.of(500, 2_000, 5_000);
    private static final int STREAMS = Scale.of(500, 2_000, 5_000);
    private static final int SILENT = 200;
    private static final int SOCKETS = Scale.of(250, 1_000, 5_000);
    private static final int MESSAGES = 100;
    private static final int KILOBYTE = 1_024;
    private static final int MOST_HELD = 64 * KILOBYTE;
    private static final int MOST_EACH = 48 * KILOBYTE;

    @TempDir
    private Path folder;

    @Test
    void many_readers_hold_no_threads_and_see_the_same_order() throws Exception {
        Map<String, String> settings = Map.of(
                "parley.limits.send-timeout",
                "10m",
                "parley.limits.commands-per-second",
                "0",
                "parley.limits.publish-bytes-per-second",
                "0",
                "parley.ping.interval",
                "10m",
                "parley.channels.ballast.durable",
                "false");
        List<SocketChannel> silent = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), settings);
                ManyReaders readers = new ManyReaders(server.uri(), CHANNEL);
                TestClient publisher = TestClient.open(server.uri())) {
            // What the first few make the server keep serves all who come after them
            Position from = publisher.publish(CHANNEL, "first", "{\"n\":1}");
            List<ManyReaders.One> all = new ArrayList<>();
            for (ManyReaders.Kind kind : ManyReaders.Kind.values()) {
                all.addAll(readers.open(kind, FEW, from));
            }
            silent.addAll(silent(server, 10));
            publishRound(publisher, all, 1);
            BulkPublisher.publish(publisher, "ballast", 1, 6_000, "x".repeat(KILOBYTE));
            ServerProcess.Memory few = server.settledMemory();

            from = from.at(MESSAGES + 1);
            all.addAll(readers.open(ManyReaders.Kind.WEBSOCKET, SOCKETS - FEW, from));
            all.addAll(readers.open(ManyReaders.Kind.SSE, STREAMS - SILENT - FEW, from));
            all.addAll(readers.open(ManyReaders.Kind.LONG_POLLING, POLLS - FEW, from));
            silent.addAll(silent(server, SILENT - 10));
            awaitFiles(server, all.size() + SILENT);
            ServerProcess.Memory many = server.settledMemory();
            publishRound(publisher, all, 2);
            BulkPublisher.publish(publisher, "ballast", 1, 6_000, "x".repeat(KILOBYTE));
            ServerProcess.Memory before = server.settledMemory();

            publishRound(publisher, all, 3);

            ServerProcess.Memory after = server.settledMemory();
            long each = (many.heap() - few.heap()) / (all.size() - 3L * FEW + SILENT - 10);
            long held = (after.heap() + after.direct() - before.heap() - before.direct()) / SILENT;
            Figures.print(POLLS + " long polls, " + STREAMS + " streams and " + SOCKETS + " WebSockets on one channel: "
                    + few.threads() + " threads before, " + after.threads() + " after; " + each
                    + " bytes of heap each; heap " + after.heap() + ", direct " + after.direct() + "; " + SILENT
                    + " streams that are never read hold " + held + " bytes each more after a round");
            assertThat(after.threads()).isLessThanOrEqualTo(few.threads() + 2);
            assertThat(each).isLessThan(MOST_EACH);
            assertThat(held).isLessThan(MOST_HELD);
            assertThat(server.stackTraces()).isEmpty();
            assertThat(all.stream().mapToInt(ManyReaders.One::faults).sum()).isZero();
        } finally {
            for (SocketChannel one : silent) {
                one.close();
            }
        }
    }

    private static List<SocketChannel> silent(ServerProcess server, int count) throws Exception {
        return ManyReaders.silent(server.uri(), "channel=" + CHANNEL + "&channel=ballast", count);
    }

    /** When all are connected and have been heard. */
    private static void awaitFiles(ServerProcess server, int count) {
        await().atMost(TestClient.PATIENCE).until(() -> server.memory().files() >= count);
    }

    private static void publishRound(TestClient publisher, List<ManyReaders.One> readers, int number) {
        BulkPublisher.publish(publisher, CHANNEL, number * MESSAGES, MESSAGES, "y".repeat(200));
        await().atMost(TestClient.PATIENCE)
                .until(() -> readers.stream().allMatch(reader -> reader.last() == 1L + (long) number * MESSAGES));
    }
}
