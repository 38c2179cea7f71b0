package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.Head;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgresql")
final class JdbcSchemaTest {
    /** H2's, of a database that has none and one that has some; PostgreSQL's. */
    private static final List<String> NO_SUCH_TABLE = List.of("42S04", "42S02", "42P01");

    private static final Duration FOREVER = Duration.ofDays(100_000);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void the_tables_are_made_in_a_team_s_database_beside_its_own_tables_and_its_own_flyway(String product)
            throws Exception {
        try (HikariDataSource source = source(product)) {
            execute(source, "CREATE TABLE orders (id BIGINT PRIMARY KEY)");
            Files.writeString(folder.resolve("V7__team.sql"), "CREATE TABLE customers (id BIGINT PRIMARY KEY);");
            Flyway team = Flyway.configure()
                    .dataSource(source)
                    .locations("filesystem:" + folder)
                    .baselineOnMigrate(true)
                    .load();
            team.migrate();

            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcSchema.prepare(source, JdbcSchema.Mode.VALIDATE);
            assertThat(latest(source)).isEqualTo(JdbcSchema.LATEST);

            new JdbcLog(source, LogContract.INLINE).append(List.of(LogContract.text("room", 1)));
            assertThat(new JdbcLog(source, LogContract.INLINE)
                            .read("room", 0, 10, 1_000)
                            .messages())
                    .extracting(LogContract::textOf)
                    .containsExactly("1");
            execute(source, "SELECT * FROM orders");
            execute(source, "SELECT * FROM customers");
            assertThatCode(team::validate).doesNotThrowAnyException();
            assertThat(team.info().current().getVersion()).hasToString("7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void validating_fails_where_the_tables_are_missing_and_makes_none(String product) {
        try (HikariDataSource source = source(product)) {
            assertThatThrownBy(() -> JdbcSchema.prepare(source, JdbcSchema.Mode.VALIDATE))
                    .isInstanceOf(FlywayException.class)
                    .hasMessageContaining("Detected resolved migration not applied to database: 1")
                    .hasMessageContaining("Detected resolved migration not applied to database: 2");
            JdbcSchema.prepare(source, JdbcSchema.Mode.NONE);
            for (String table : List.of("parley_channel", "\"parley_schema_history\"")) {
                assertThatThrownBy(() -> execute(source, "SELECT * FROM " + table))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isIn(NO_SUCH_TABLE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void the_tables_are_found_whatever_the_thread_s_class_loader(String product) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try (HikariDataSource source = source(product)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            execute(source, "SELECT * FROM parley_channel");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void messages_of_an_earlier_version_are_given_their_totals_and_are_trimmed_by_bytes(String product)
            throws Exception {
        try (HikariDataSource source = source(product)) {
            migrateTo(source, "2");
            for (String channel : List.of("a", "b")) {
                execute(source, "INSERT INTO parley_channel (name, epoch, head) VALUES ('" + channel + "', 'e', 1004)");
            }
            execute(source, "INSERT INTO parley_channel (name, epoch, head) VALUES ('empty', 'e', 7)");
            try (Connection connection = source.getConnection()) {
                insertOld(connection, "a", 5, 1004);
                insertOld(connection, "b", 605, 1004);
            }

            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcSchema.prepare(source, JdbcSchema.Mode.VALIDATE);

            ByteRetentionContract.assertTotals(source);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            log.append(List.of(LogContract.text("a", 1), LogContract.text("b", 1), LogContract.text("empty", 1)));
            ByteRetentionContract.assertTotals(source);
            LogContract.trimAll(log, new Retention(10_000, FOREVER, 1_000));
            assertThat(log.heads(List.of("a", "b")).values())
                    .extracting(Head::first)
                    .containsExactly(906L, 906L);
        }
    }

    @ParameterizedTest
    @CsvSource({"H2,3", "H2,3.1", "PostgreSQL,3", "PostgreSQL,3.1"})
    void a_migration_that_failed_half_way_is_done_at_the_next_start(String product, String version) throws Exception {
        try (HikariDataSource source = source(product)) {
            migrateTo(source, "2");
            execute(source, "INSERT INTO parley_channel (name, epoch, head) VALUES ('a', 'e', 3)");
            try (Connection connection = source.getConnection()) {
                insertOld(connection, "a", 1, 3);
            }
            if (version.equals("3.1")) {
                migrateTo(source, "3");
            } else {
                execute(source, "ALTER TABLE parley_channel ADD COLUMN bytes BIGINT DEFAULT 0 NOT NULL");
            }
            execute(
                    source,
                    "INSERT INTO \"parley_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\","
                            + " \"script\", \"installed_by\", \"execution_time\", \"success\") VALUES (9, '" + version
                            + "', 'failed', 'SQL', 'failed', 'sa', 1, FALSE)");

            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);

            JdbcSchema.prepare(source, JdbcSchema.Mode.VALIDATE);
            ByteRetentionContract.assertTotals(source);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void what_a_node_of_an_earlier_version_writes_meanwhile_is_not_trimmed_by_bytes(String product) throws Exception {
        try (HikariDataSource source = source(product)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            LogContract.append(log, "a", 4);
            execute(source, "UPDATE parley_channel SET head = head + 10");
            try (Connection connection = source.getConnection()) {
                insertOld(connection, "a", 5, 14);
            }
            LogContract.append(log, "a", 1);

            LogContract.trimAll(log, new Retention(10_000, FOREVER, 0));
            assertThat(log.heads(List.of("a")).get("a").first()).isEqualTo(5);
            LogContract.trimAll(log, new Retention(3, FOREVER, 0));
            assertThat(log.heads(List.of("a")).get("a").first()).isEqualTo(13);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void channels_and_keys_of_an_earlier_version_go_on_in_their_epoch_and_branch_later(String product)
            throws Exception {
        try (HikariDataSource source = source(product)) {
            migrateTo(source, "3");
            execute(source, "INSERT INTO parley_channel (id, name, epoch, head, bytes) VALUES (7, 'room', 'e', 3, 30)");
            try (Connection connection = source.getConnection()) {
                insertOld(connection, "room", 1, 3);
            }
            execute(source, "UPDATE parley_message SET bytes_before = 10 * (pos - 1)");
            Publication keyed = LogContract.keyed("room", "k", LogContract.ANN, "\"old text\"");
            StoredPublication stored = StoredPublication.of(keyed);
            execute(
                    source,
                    "INSERT INTO parley_key (key_id, pos, digest, published_at) VALUES ('" + stored.keyId(7, "e", "k")
                            + "', 2, '" + stored.digest() + "', 0)");

            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcSchema.prepare(source, JdbcSchema.Mode.VALIDATE);

            Position second = new Position("e", 2);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            assertThat(log.heads(List.of("room"))).containsEntry("room", new Head("e", 1, 3));
            assertThat(log.append(List.of(keyed))).containsExactly(new Outcome.Repeated(second));
            assertThat(log.append(List.of(LogContract.text("room", 4))))
                    .containsExactly(new Outcome.Appended(second.at(4)));
            DatabaseLife.renew(source);
            LogContract.append(log, "room", 1);
            assertThat(log.heads(List.of("room")).get("room").lineage().ancestors())
                    .containsExactly(new Lineage.Ancestor("e", 4));
            assertThat(log.append(List.of(keyed))).containsExactly(new Outcome.Repeated(second));
            assertThat(log.content("room", second)).isPresent();
        }
    }

    @Test
    void every_migration_beside_the_class_is_applied() throws Exception {
        Path files = Path.of(JdbcSchema.class
                        .getResource("V1__channels_messages_keys.sql")
                        .toURI())
                .getParent();
        long scripts;
        try (Stream<Path> all = Files.list(files)) {
            scripts = all.filter(file -> file.toString().endsWith(".sql")).count();
        }
        try (HikariDataSource source = source("H2")) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT COUNT(*) FROM \"parley_schema_history\" WHERE \"type\" = 'SQL'")) {
                rows.next();
                assertThat(rows.getLong(1)).isEqualTo(scripts);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void a_secret_is_the_first_node_s_that_asks_for_it_for_all_nodes(String product) {
        try (HikariDataSource source = source(product)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            byte[] first = {1, 2, 3};

            assertThat(JdbcSecrets.find(source, "a", () -> first)).isEqualTo(first);
            assertThat(JdbcSecrets.find(source, "a", () -> new byte[] {4})).isEqualTo(first);
            assertThat(JdbcSecrets.find(source, "b", () -> {
                        // Another node comes between
                        JdbcSecrets.find(source, "b", () -> new byte[] {5});
                        return new byte[] {6};
                    }))
                    .isEqualTo(new byte[] {5});
        }
    }

    private HikariDataSource source(String product) {
        return product.equals("H2")
                ? Pools.h2(H2File.url(folder.resolve("data")))
                : Pools.postgres(PostgresServer.newDatabase());
    }

    /** As the version before had it. */
    private static void migrateTo(DataSource source, String version) {
        Flyway.configure()
                .dataSource(source)
                .table("parley_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholderReplacement(false)
                .locations("filesystem:src/main/resources/dev/parley/jdbc")
                .target(version)
                .load()
                .migrate();
    }

    /** Ten bytes each, without a total. */
    private static void insertOld(Connection connection, String channel, int from, int to) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO parley_message (channel_id, pos, user_id, published_at, size, data)"
                        + " VALUES ((SELECT id FROM parley_channel WHERE name = ?), ?, 'ann', ?, 10, ?)")) {
            for (int pos = from; pos <= to; pos++) {
                insert.setString(1, channel);
                insert.setLong(2, pos);
                insert.setLong(3, LogContract.NOON.toEpochMilli());
                insert.setBytes(4, "\"old text\"".getBytes(StandardCharsets.UTF_8));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String latest(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT \"version\" FROM \"parley_schema_history\" ORDER BY \"installed_rank\" DESC LIMIT 1")) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
