package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.Retention;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a life of PostgreSQL is known, and what reading costs while it cannot forget deleted rows. */
@Tag("postgresql")
final class PostgresLifeTest {
    private static final int FEW_BUFFERS = 100;
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared( hit=(\\d+))?( read=(\\d+))?");

    @TempDir
    Path folder;

    @Test
    void a_server_that_was_started_anew_is_another_life() throws Exception {
        int port = PostgresServer.steadyPort();
        Head before;
        try (EmbeddedPostgres server = server(port);
                HikariDataSource source = Pools.postgres(PostgresServer.url(server.getPort(), "postgres"))) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 2);
            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 1);
            before = head(source);
        }
        assertThat(before.lineage().ancestors()).isEmpty();

        try (EmbeddedPostgres server = server(port);
                HikariDataSource source = Pools.postgres(PostgresServer.url(server.getPort(), "postgres"))) {
            assertThat(head(source)).isEqualTo(before);
            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 2);
            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 1);
            assertThat(head(source).lineage().common(before.position())).contains(before.position());
            assertThat(head(source).lineage().ancestors()).hasSize(1);
        }
    }

    @Test
    void a_table_that_was_put_back_is_another_life() throws Exception {
        try (HikariDataSource source = Pools.postgres(PostgresServer.newDatabase())) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 2);
            execute(
                    source,
                    "CREATE TABLE copy (LIKE parley_channel INCLUDING ALL); INSERT INTO copy SELECT * FROM parley_channel;"
                            + " DROP TABLE parley_channel; ALTER TABLE copy RENAME TO parley_channel");

            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 1);

            assertThat(head(source).lineage().ancestors()).hasSize(1);
        }
    }

    @Test
    void nodes_of_which_one_may_not_read_all_find_the_same_life() throws Exception {
        String url = PostgresServer.newDatabase();
        try (HikariDataSource all = Pools.postgres(url)) {
            JdbcSchema.prepare(all, JdbcSchema.Mode.MIGRATE);
            String role = "poor" + url.replaceAll("\\D+", "_");
            execute(
                    all,
                    "CREATE ROLE " + role + " LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role
                            + "; REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"
                            + "; REVOKE EXECUTE ON FUNCTION pg_postmaster_start_time() FROM PUBLIC");
            try (HikariDataSource some = new HikariDataSource()) {
                some.setJdbcUrl(url);
                some.setUsername(role);
                some.setMaximumPoolSize(2);
                Log rich = new JdbcLog(all, LogContract.INLINE);
                Log poor = new JdbcLog(some, LogContract.INLINE);
                for (int i = 0; i < 3; i++) {
                    LogContract.append(poor, "room", 1);
                    LogContract.append(rich, "room", 1);
                }
                assertThat(head(all).lineage().ancestors()).isEmpty();

                DatabaseLife.renew(all);
                for (int i = 0; i < 3; i++) {
                    LogContract.append(poor, "room", 1);
                    LogContract.append(rich, "room", 1);
                }
                assertThat(head(all).lineage().ancestors()).hasSize(1);

                execute(all, "REVOKE EXECUTE ON FUNCTION pg_current_wal_lsn() FROM PUBLIC");
                LogContract.append(poor, "room", 1);
                assertThat(head(all).lineage().ancestors()).hasSize(1);
            }
        }
    }

    @Test
    void a_life_begins_after_the_appends_that_wait_for_their_channel_and_before_all_others() throws Exception {
        try (HikariDataSource source = Pools.postgres(PostgresServer.newDatabase());
                Connection holding = source.getConnection();
                Connection waiting = source.getConnection();
                Connection late = source.getConnection()) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            LogContract.append(new JdbcLog(source, LogContract.INLINE), "room", 1);
            DatabaseLife.Columns life = new DatabaseLife().find(holding);
            for (Connection one : List.of(holding, waiting, late)) {
                one.setAutoCommit(false);
            }
            holding.createStatement().execute("UPDATE parley_channel SET head = head WHERE name = 'room'");
            CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> append(waiting, life));
            await().until(() -> waitingForLocks(source) == 1);
            CompletableFuture<Void> renewing = CompletableFuture.runAsync(() -> DatabaseLife.renew(source));
            await().until(() -> waitingForLocks(source) == 2);
            CompletableFuture<Void> appendingLate = CompletableFuture.runAsync(() -> append(late, life));
            await().until(() -> waitingForLocks(source) == 3);

            holding.commit();
            appending.join();
            renewing.join();
            appendingLate.join();

            assertThat(head(source).position().offset()).isEqualTo(3);
            assertThat(head(source).lineage().ancestors())
                    .hasSize(1)
                    .first()
                    .satisfies(ancestor -> assertThat(ancestor.end()).isEqualTo(2));
        }
    }

    private static void append(Connection connection, DatabaseLife.Columns life) {
        try {
            new JdbcAppend(connection, life, List.of(StoredPublication.of(LogContract.text("room", 1)))).run();
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int waitingForLocks(HikariDataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND datname = current_database()")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    @Test
    void what_was_trimmed_is_not_looked_through_while_an_old_snapshot_keeps_it() throws Exception {
        String url = PostgresServer.newDatabase();
        try (HikariDataSource source = Pools.postgres(url);
                Connection old = DriverManager.getConnection(url, "postgres", "")) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            execute(
                    source,
                    "INSERT INTO parley_channel (id, name, epoch, head, bytes) VALUES (7, 'room', 'e', 50010, 50010);"
                            + " INSERT INTO parley_message (channel_id, pos, user_id, published_at, size, data,"
                            + " bytes_before) SELECT 7, n, 'ann', " + LogContract.NOON.toEpochMilli()
                            + ", 1, '1', n - 1 FROM generate_series(1, 50010) n; ANALYZE");
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            old.createStatement().executeQuery("SELECT 1").close();

            LogContract.trimAll(log, new Retention(10, Duration.ofDays(100_000)));

            assertThat(log.heads(List.of("room")).get("room").first()).isEqualTo(50_001);
            String oldest = "SELECT m.pos" + JdbcHeads.OF_OLDEST.replaceFirst("\\)$", "");
            assertThat(buffers(source, oldest.replace("c.id", "7").replace("b.first", "NULL")))
                    .as("without the beginning")
                    .isGreaterThan(FEW_BUFFERS);
            assertThat(buffers(source, "SELECT c.id, (" + oldest + ")" + JdbcHeads.CHANNELS + " WHERE c.name = 'room'"))
                    .isLessThan(FEW_BUFFERS);
            assertThat(buffers(source, JdbcHeads.SELECT.replace("?", "1") + "'room'"))
                    .isLessThan(FEW_BUFFERS);
            assertThat(buffers(source, JdbcTrim.SELECT_CHANNELS + "c.id > 0 ORDER BY c.id LIMIT 500"))
                    .isLessThan(FEW_BUFFERS);
            assertThat(buffers(source, JdbcSpace.SELECT_MESSAGES)).isLessThan(FEW_BUFFERS);
            old.rollback();
        }
    }

    /** Of all nodes of the plan: the topmost has those of the others. */
    private static long buffers(HikariDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet plan = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS) " + sql)) {
            long most = 0;
            while (plan.next()) {
                Matcher buffers = BUFFERS.matcher(plan.getString(1));
                if (buffers.find()) {
                    most = Math.max(most, number(buffers.group(2)) + number(buffers.group(4)));
                }
            }
            return most;
        }
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static Head head(HikariDataSource source) {
        return new JdbcLog(source, LogContract.INLINE).heads(List.of("room")).get("room");
    }

    private static void execute(HikariDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private EmbeddedPostgres server(int port) throws IOException {
        return PostgresServer.durable()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.resolve("work").toFile())
                .setPort(port)
                .start();
    }
}
