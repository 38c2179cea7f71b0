package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.PostgresServer;
import dev.parley.testing.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node stands still in the middle of an append, as a virtual machine does that is moved or runs out of memory. */
@Tag("postgresql")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FrozenNodeIT {
    private static final Duration LOOKED_AT = Duration.ofSeconds(10);
    private static final String BODY = "\"" + "x".repeat(2_000) + "\"";

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger unrelated = new AtomicInteger();
    private volatile boolean stopping;

    @Test
    void the_channels_it_holds_are_published_to_again_within_seconds_and_all_others_at_once() throws Exception {
        String url = PostgresServer.newDatabase();
        Map<String, String> settings = Map.of("parley.jdbc.url", url, "parley.jdbc.user", "postgres");
        try (ServerProcess frozen = ServerProcess.start(folder.resolve("a"), settings);
                ServerProcess other = ServerProcess.start(folder.resolve("b"), settings);
                Connection admin = DriverManager.getConnection(url, "postgres", "")) {
            publish(frozen, "held.a", new AtomicInteger(), 8);
            freezeInAppend(frozen, admin);
            try {
                held.set(0);
                unrelated.set(0);
                publish(other, "held.a", held, 2);
                publish(other, "unrelated.a", unrelated, 2);
                long end = System.nanoTime() + LOOKED_AT.toNanos();
                await().atMost(LOOKED_AT.plusSeconds(5)).until(() -> System.nanoTime() > end);
                Figures.print("in the " + LOOKED_AT.toSeconds() + " s after a node froze: " + held
                        + " acknowledged on the channel that it holds, " + unrelated + " on another");
                await().atMost(Duration.ofSeconds(20)).until(() -> held.get() > 0 && unrelated.get() > 0);
            } finally {
                stopping = true;
                signal(frozen, "CONT");
            }
        } finally {
            stopping = true;
            threads.shutdownNow();
        }
    }

    /** Stops it again and again, until PostgreSQL says that it is in the middle. */
    private static void freezeInAppend(ServerProcess node, Connection admin) throws Exception {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    signal(node, "STOP");
                    if (isLocked(admin)) {
                        return true;
                    }
                    signal(node, "CONT");
                    return false;
                });
    }

    /** Whether a row of a channel is, which nobody else is there to lock; it stays so. */
    private static boolean isLocked(Connection admin) throws SQLException {
        for (int i = 0; i < 3; i++) {
            try (Statement statement = admin.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) - (SELECT count(*) FROM (SELECT 1 FROM"
                            + " parley_channel WHERE name = 'held.a' FOR UPDATE SKIP LOCKED) free)"
                            + " FROM parley_channel WHERE name = 'held.a'")) {
                rows.next();
                if (rows.getLong(1) == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void publish(ServerProcess node, String channel, AtomicInteger acknowledged, int publishers) {
        HttpApiClient client = HttpApiClient.of(node.uri());
        for (int i = 0; i < publishers; i++) {
            threads.execute(() -> {
                while (!stopping) {
                    try {
                        if (client.say(channel, BODY).statusCode() == 201) {
                            acknowledged.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // it was killed
                    } catch (Exception e) {
                        return;
                    }
                }
            });
        }
    }

    private static void signal(ServerProcess node, String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(node.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
