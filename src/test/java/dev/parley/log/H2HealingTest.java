package dev.parley.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 closes its file under the connections, which do not know: nothing is acknowledged then, and all heals by itself. */
final class H2HealingTest {
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    @BeforeEach
    void register() {
        QuotaFileSystem.register();
    }

    @AfterEach
    void free() {
        QuotaFileSystem.free();
    }

    @Test
    void a_disk_that_fills_up_under_load_and_is_freed_again() throws Exception {
        String url = H2File.url(folder).replace("jdbc:h2:file:", "jdbc:h2:quota:");
        underLoad(url, load -> {
            QuotaFileSystem.limit(Files.size(folder.resolve("parley.mv.db")) + 200_000);
            load.awaitMoreRefused(50);
            assertThat(load.status().lastFailure()).isPresent();
            QuotaFileSystem.free();
        });
    }

    @Test
    void a_database_that_somebody_shuts_down_under_load() throws Exception {
        String url = H2File.url(folder);
        underLoad(url, load -> shutDown(url));
    }

    private interface Trouble {
        void with(Load load) throws Exception;
    }

    private void underLoad(String url, Trouble trouble) throws Exception {
        Load load;
        try (HikariDataSource source = Pools.h2(url)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            try (Load running = new Load(new JdbcLog(source, LogContract.INLINE))) {
                load = running;
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitMoreAcknowledged(200);
                    trouble.with(load);
                }
                load.awaitMoreAcknowledged(200);
                assertThat(load.status().available()).isTrue();
            }
            load.assertKeptIn(new JdbcLog(source, LogContract.INLINE));
        }
        try (HikariDataSource reopened = Pools.h2(H2File.url(folder))) {
            load.assertKeptIn(new JdbcLog(reopened, LogContract.INLINE));
        }
    }

    private static void shutDown(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
    }
}
