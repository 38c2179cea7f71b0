package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.LogException;
import dev.parley.log.Publication;
import dev.parley.testing.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** H2 closes its file under the connections, which do not know: nothing is acknowledged then, and all heals by itself. */
@Tag("scaled")
final class H2HealingTest {
    private static final int ROUNDS = Scale.of(2, 5, 60);

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

    @Test
    void a_transaction_that_finds_no_space_before_its_commit_stored_nothing() {
        DataSource source = unpooled();
        JdbcLog log = new JdbcLog(source, LogContract.INLINE);
        log.append(List.of(LogContract.text("room", 1)));
        Publication large = LogContract.binary("room", LogContract.bytes(40_000_000));

        QuotaFileSystem.failAllWrites();
        assertThatThrownBy(() -> log.append(List.of(large)))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.UNAVAILABLE));

        QuotaFileSystem.free();
        assertThat(LogContract.offsets(log.append(List.of(LogContract.text("room", 2)))))
                .containsExactly(2L);
    }

    /** H2 shows to others what is being committed before it is written. */
    @Test
    @Timeout(60)
    void what_cannot_be_written_is_not_read_either() throws Exception {
        String url = H2File.url(folder).replace("jdbc:h2:file:", "jdbc:h2:quota:");
        try (HikariDataSource source = Pools.h2(url)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            log.append(List.of(LogContract.text("room", 1)));
            long before = head(log);
            CompletableFuture<Long> reading = new CompletableFuture<>();
            QuotaFileSystem.whenRefused(() -> {
                reading.completeAsync(() -> head(log));
                waitABit(reading);
            });
            QuotaFileSystem.failAllWrites();
            assertThatThrownBy(() -> log.append(List.of(LogContract.text("room", 2))))
                    .isInstanceOf(LogException.class);

            assertThat(read(reading, before)).isEqualTo(before);
            for (int i = 0; i < 20; i++) { // whatever the connections of the pool are still of
                assertThat(read(CompletableFuture.supplyAsync(() -> head(log)), before))
                        .isEqualTo(before);
            }
        }
    }

    @Test
    @Timeout(60)
    void what_is_measured_holds_up_no_commit() {
        DataSource source = unpooled();
        JdbcConnections connections = new JdbcConnections(source, Duration.ofSeconds(20));

        boolean committed = connections.estimate(measuring -> CompletableFuture.supplyAsync(
                        () -> connections.transaction(connection -> {
                            execute(connection, "INSERT INTO parley_channel (name, epoch, head) VALUES ('a', 'b', 1)");
                            return true;
                        }))
                .orTimeout(30, TimeUnit.SECONDS)
                .join());

        assertThat(committed).isTrue();
    }

    /** What was read; nothing else may be where that failed. */
    private static long read(CompletableFuture<Long> reading, long before) throws Exception {
        return reading.handle((read, failure) -> failure == null ? read : before)
                .get(30, TimeUnit.SECONDS);
    }

    private static long head(JdbcLog log) {
        return log.heads(List.of("room")).get("room").position().offset();
    }

    /** Until it has read, or would have if nothing held it up. */
    private static void waitABit(CompletableFuture<Long> reading) {
        try {
            Long unused = reading.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) { // looked at afterwards
            assertThat(e).isNotNull();
        }
    }

    /** After a rollback that failed H2 2.4 spins for ever in the next statement. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_transaction_that_cannot_be_rolled_back_ends_all_the_same() {
        DataSource source = unpooled();
        JdbcConnections connections = new JdbcConnections(source, Duration.ofSeconds(20));

        assertThatThrownBy(() -> connections.transaction(connection -> {
                    execute(connection, "SELECT COUNT(*) FROM parley_channel");
                    QuotaFileSystem.failAllWrites();
                    assertThatThrownBy(() -> insertElsewhere(source))
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    e -> assertThat(H2File.isGone(e)).isTrue());
                    throw new SQLException("scripted", "42000");
                }))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.UNAVAILABLE))
                .hasRootCauseMessage("scripted");

        QuotaFileSystem.free();
        JdbcLog log = new JdbcLog(source, LogContract.INLINE);
        assertThat(LogContract.offsets(log.append(List.of(LogContract.text("room", 1)))))
                .containsExactly(1L);
    }

    private static void insertElsewhere(DataSource source) throws SQLException {
        try (Connection other = source.getConnection()) {
            execute(other, "INSERT INTO parley_channel (name, epoch, head) VALUES ('a', 'b', 1)");
        }
    }

    private DataSource unpooled() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(H2File.url(folder).replace("jdbc:h2:file:", "jdbc:h2:quota:"));
        source.setUser("sa");
        source.setPassword("");
        JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
        return source;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private interface Trouble {
        void with(LogLoad load) throws Exception;
    }

    private void underLoad(String url, Trouble trouble) throws Exception {
        LogLoad load;
        try (HikariDataSource source = Pools.h2(url)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            try (LogLoad running = new LogLoad(new JdbcLog(source, LogContract.INLINE))) {
                load = running;
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitMoreAcknowledged(200);
                    trouble.with(load);
                }
                load.awaitMoreAcknowledged(200);
                load.awaitAvailable();
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
