package dev.parley.e2e;

import dev.parley.jdbc.PostgresServer;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 under load: what was acknowledged is kept, once and in order, and everybody who comes back misses nothing. */
@Tag("scaled")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CrashIT {
    private static final int PUBLISHERS = 5;
    private static final int FOLLOWERS = 20;
    private static final int MESSAGES_A_ROUND = 300;

    @TempDir
    private Path folder;

    @Test
    void kills_lose_nothing_on_the_embedded_database() throws Exception {
        crash("H2", Scale.of(3, 10, 60), Map.of());
    }

    @Test
    @Tag("postgresql")
    void kills_lose_nothing_on_postgresql() throws Exception {
        crash(
                "PostgreSQL",
                Scale.of(1, 2, 30),
                Map.of("parley.jdbc.url", PostgresServer.newDatabase(), "parley.jdbc.user", "postgres"));
    }

    private void crash(String database, int rounds, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("parley.channels.crash.history-size", "1000000");
        AtomicReference<ServerProcess> server = new AtomicReference<>(start(all));
        try {
            ChannelLoad crowd = new ChannelLoad(() -> server.get().uri(), "crash", PUBLISHERS, FOLLOWERS);
            for (int round = 0; round < rounds; round++) {
                crowd.awaitMoreAcknowledged(MESSAGES_A_ROUND);
                server.get().kill();
                server.set(start(all));
            }
            crowd.awaitMoreAcknowledged(MESSAGES_A_ROUND);
            Figures.print(rounds + " rounds of kill -9 on " + database + ": " + crowd.assertPromisesKept());
        } finally {
            server.get().close();
        }
    }

    private ServerProcess start(Map<String, String> settings) {
        return ServerProcess.start(folder.resolve("data"), settings);
    }
}
