package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.LogException;
import dev.parley.log.LogWriter;
import dev.parley.log.Outcome;
import dev.parley.log.RecordingListener;
import dev.parley.log.WriterLimits;
import dev.parley.testing.Figures;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that is there and does not do as it should. */
@Tag("postgresql")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt ends no read of a socket
final class PostgresTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void every_wait_of_a_transaction_has_a_limit_which_ends_with_it() throws Exception {
        try (HikariDataSource source = Pools.postgres(PostgresServer.newDatabase())) {
            JdbcConnections connections = new JdbcConnections(source, Duration.ofSeconds(20));

            assertThat(connections.transaction(TransactionLimits.APPEND, PostgresTroubleTest::limits))
                    .isEqualTo(Map.of("lock", "1s", "idle", "4s", "statement", "15s"));
            assertThat(connections.transaction(PostgresTroubleTest::limits)).containsEntry("lock", "5s");
            assertThat(connections.read(PostgresTroubleTest::limits))
                    .isEqualTo(Map.of("lock", "0", "idle", "0", "statement", "0"));
        }
    }

    @Test
    @Tag("lock-timeout")
    void what_a_node_that_was_stopped_in_an_append_holds_is_free_within_seconds_and_all_else_goes_on()
            throws Exception {
        String url = PostgresServer.newDatabase();
        ExecutorService writing = Executors.newSingleThreadExecutor();
        try (HikariDataSource source = Pools.postgres(url);
                Connection stopped = connect(url)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            LogWriter writer = new LogWriter(
                    new JdbcLog(source, LogContract.INLINE),
                    writing,
                    new RecordingListener(),
                    WriterLimits.DEFAULT,
                    LogContract.INLINE);
            outcome(writer, "held", 1).join();
            stopped.setAutoCommit(false);
            TransactionLimits.APPEND.set(stopped);
            execute(stopped, "UPDATE parley_channel SET head = head + 1 WHERE name = 'held'");

            List<Outcome> held = Collections.synchronizedList(new ArrayList<>());
            for (int i = 2; i <= 5; i++) {
                writer.publish(LogContract.text("held", i), held::add);
            }
            int others = 0;
            while (held.isEmpty()) {
                assertThat(outcome(writer, "other", others++).join()).isInstanceOf(Outcome.Appended.class);
                if (others == 5) {
                    writer.publish(LogContract.text("held", 6), held::add);
                }
            }
            await().atMost(PATIENCE).until(() -> held.size() == 5);

            assertThat(LogContract.offsets(held)).containsExactly(2L, 3L, 4L, 5L, 6L);
            assertThat(others).isGreaterThan(20);
            assertThat(writer.status().available()).isTrue();
            Figures.print(others + " acknowledged elsewhere while a stopped node held a channel");
            writer.close();
        } finally {
            writing.shutdown();
        }
    }

    @Test
    void a_commit_whose_wait_for_the_standby_is_cancelled_is_in_doubt() throws Exception {
        try (EmbeddedPostgres server = PostgresServer.durable()
                        .setOverrideWorkingDirectory(folder.resolve("work").toFile())
                        .setDataDirectory(folder.resolve("data"))
                        .start();
                HikariDataSource source = Pools.postgres(PostgresServer.url(server.getPort(), "postgres"));
                Connection admin = connect(PostgresServer.url(server.getPort(), "postgres"))) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            log.append(List.of(LogContract.text("room", 1)));
            execute(admin, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            execute(admin, "SELECT pg_reload_conf()");
            await().until(() -> "nobody".equals(first(admin, "SHOW synchronous_standby_names")));

            CompletableFuture<List<Outcome>> append =
                    CompletableFuture.supplyAsync(() -> log.append(List.of(LogContract.text("room", 2))));
            await().atMost(PATIENCE)
                    .until(() -> "t"
                            .equals(first(
                                    admin,
                                    "SELECT bool_or(pg_cancel_backend(pid)) FROM"
                                            + " pg_stat_activity WHERE wait_event = 'SyncRep'")));

            assertThatThrownBy(append::join)
                    .cause()
                    .hasMessageContaining("synchronous replication")
                    .isInstanceOfSatisfying(
                            LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.IN_DOUBT));
            execute(admin, "ALTER SYSTEM RESET synchronous_standby_names");
            execute(admin, "SELECT pg_reload_conf()");
            assertThat(log.read("room", 0, 10, 1000).messages()).hasSize(2);
        }
    }

    @Test
    void a_database_that_can_only_be_read_is_found_by_the_probe_and_the_probe_leaves_nothing() throws Exception {
        String url = PostgresServer.newDatabase();
        try (Connection admin = connect(url)) {
            try (HikariDataSource source = Pools.postgres(url)) {
                JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
                JdbcLog log = new JdbcLog(source, LogContract.INLINE);
                log.probe();
                log.probe();
                for (String table : List.of("channel", "message", "part", "key")) {
                    assertThat(first(admin, "SELECT count(*) FROM parley_" + table))
                            .isEqualTo("0");
                }
            }
            execute(
                    admin,
                    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database()"
                            + " || ' SET default_transaction_read_only = on'; END $$");
            try (HikariDataSource source = Pools.postgres(url)) {
                JdbcLog log = new JdbcLog(source, LogContract.INLINE);
                assertUnavailable(log::probe, "read-only");
                assertThat(log.heads(List.of("room"))).isEmpty();
            }
        }
    }

    @Test
    void a_right_that_is_missing_is_found_by_the_probe() throws Exception {
        String url = PostgresServer.newDatabase();
        try (Connection admin = connect(url);
                HikariDataSource source = Pools.postgres(url)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            execute(admin, "DROP ROLE IF EXISTS reader");
            execute(admin, "CREATE ROLE reader LOGIN");
            execute(admin, "GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader");
            execute(admin, "GRANT INSERT ON parley_channel TO reader");
            try (HikariDataSource reader = Pools.postgres(url, "reader")) {
                assertUnavailable(new JdbcLog(reader, LogContract.INLINE)::probe, "permission denied");
                execute(admin, "GRANT INSERT ON parley_message, parley_key TO reader");
                new JdbcLog(reader, LogContract.INLINE).probe();
            }
        }
    }

    private static void assertUnavailable(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.UNAVAILABLE));
    }

    private static CompletableFuture<Outcome> outcome(LogWriter writer, String channel, int number) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        writer.publish(LogContract.text(channel, number), outcome::complete);
        return outcome.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Map<String, String> limits(Connection connection) throws SQLException {
        return Map.of(
                "lock", first(connection, "SHOW lock_timeout"),
                "idle", first(connection, "SHOW idle_in_transaction_session_timeout"),
                "statement", first(connection, "SHOW statement_timeout"));
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", "");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String first(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
