package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transaction of somebody else's holds a row that an append needs, for as long as it likes. */
@Tag("postgresql")
@Tag("lock-timeout")
final class HeldChannelsTest {
    enum Database {
        H2,
        POSTGRESQL
    }

    private static final Outcome HELD = new Outcome.Held();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void a_channel_whose_row_is_held_waits_and_the_others_do_not(Database database) throws Exception {
        try (HikariDataSource source = pool(database)) {
            JdbcLog log = log(source);
            log.append(batch("a", "held", "z"));
            try (Connection other = holding(source, "UPDATE parley_channel SET head = head WHERE name = 'held'")) {
                assertThat(kinds(log.append(batch("a", "held", "z", "held", "new"))))
                        .containsExactly("at 2", "held", "at 2", "held", "at 1");
                // It is known by now
                assertThat(kinds(log.append(batch("held", "a")))).containsExactly("held", "at 3");
                assertThat(kinds(log.append(batch("held")))).containsExactly("held");
                other.rollback();
            }
            assertThat(kinds(log.append(batch("held", "held", "a")))).containsExactly("at 2", "at 3", "at 4");
            assertThat(log.read("held", 0, 10, 1000).messages()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_another_is_creating_holds_up_nobody_else(Database database) throws Exception {
        try (HikariDataSource source = pool(database)) {
            JdbcLog log = log(source);
            log.append(batch("a"));
            String create = "INSERT INTO parley_channel (name, epoch, head) VALUES ('new', 'e', 0)";
            try (Connection other = holding(source, create)) {
                assertThat(kinds(log.append(batch("new", "a")))).containsExactly("held", "at 2");
                other.rollback();
            }
            assertThat(kinds(log.append(batch("new", "a")))).containsExactly("at 1", "at 3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_of_the_outbox_that_another_is_moving_holds_up_nobody_else(Database database) throws Exception {
        try (HikariDataSource source = pool(database)) {
            JdbcLog log = log(source);
            log.append(batch("a", "b"));
            try (Connection own = source.getConnection()) {
                log.outbox().put(own, LogContract.text("b", 2));
            }
            List<Publication> waiting = log.outbox().waiting(10, 1000);
            List<Publication> batch =
                    Stream.concat(batch("a").stream(), waiting.stream()).toList();
            try (Connection other = holding(source, "DELETE FROM parley_outbox")) {
                assertThat(kinds(log.append(batch))).containsExactly("at 2", "held");
                other.rollback();
            }
            assertThat(kinds(log.append(batch))).containsExactly("at 3", "at 2");
        }
    }

    private HikariDataSource pool(Database database) {
        // Of H2 the address says for how long it waits; 10 seconds, where Parley makes the address
        HikariDataSource source = database == Database.H2
                ? Pools.h2(H2File.url(folder).replaceFirst("LOCK_TIMEOUT=\\d+", "LOCK_TIMEOUT=300"))
                : Pools.postgres(PostgresServer.newDatabase());
        JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
        return source;
    }

    private static JdbcLog log(HikariDataSource source) {
        return new JdbcLog(source, LogContract.INLINE);
    }

    private static Connection holding(HikariDataSource source, String sql) throws SQLException {
        Connection connection = source.getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
        return connection;
    }

    private static List<Publication> batch(String... channels) {
        return Stream.of(channels).map(channel -> LogContract.text(channel, 1)).toList();
    }

    private static List<String> kinds(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome.equals(HELD)
                        ? "held"
                        : "at " + LogContract.position(outcome).offset())
                .toList();
    }
}
