package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.Head;
import dev.parley.log.LogCapacity;
import dev.parley.log.LogException;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.SpaceLimits;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class H2LogTest extends JdbcLogContract {
    @TempDir
    Path folder;

    @Override
    HikariDataSource pool() {
        return Pools.h2(H2File.url(folder));
    }

    @Test
    void a_disk_with_less_free_space_than_is_to_be_left_is_full_and_one_with_more_is_not() throws Exception {
        long free = Files.getFileStore(folder).getUsableSpace();
        LogCapacity tooLittle = new LogCapacity(new SpaceLimits(Long.MAX_VALUE, 2 * free, "parley"));
        LogCapacity enough = new LogCapacity(new SpaceLimits(Long.MAX_VALUE, free / 2, "parley"));
        for (LogCapacity capacity : List.of(tooLittle, enough)) {
            node(capacity).trim(LogContract.retentions(new Retention(10, Duration.ofDays(1))));
        }

        assertThat(tooLittle.full())
                .hasValueSatisfying(reason -> assertThat(reason).contains("parley.log.free-space"));
        assertThat(enough.full()).isEmpty();
        assertThat(node(tooLittle).append(List.of(LogContract.text("room", 1))))
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LOG_FULL));
    }

    @Test
    void each_opening_of_the_file_is_a_life() {
        JdbcLog log = node();
        Position first = LogContract.position(
                log.append(List.of(LogContract.text("room", 1))).get(0));
        assertThat(LogContract.position(
                        node().append(List.of(LogContract.text("room", 2))).get(0)))
                .isEqualTo(first.at(2));

        restartStore();
        assertThat(head()).isEqualTo(new Head(first.epoch(), 1, 2));
        LogContract.append(node(), "room", 1);
        LogContract.append(node(), "room", 1);
        assertThat(head().lineage().ancestors()).containsExactly(new Lineage.Ancestor(first.epoch(), 2));

        restartStore();
        LogContract.append(node(), "room", 1);
        assertThat(head().lineage().ancestors())
                .extracting(Lineage.Ancestor::end)
                .containsExactly(2L, 4L);
    }

    @Test
    void a_file_that_was_put_back_from_a_copy_branches_where_the_copy_ended() throws Exception {
        Path file = folder.resolve("parley.mv.db");
        LogContract.append(node(), "room", 10);
        Position tenth = head().position();
        close();
        Path copy = Files.copy(file, folder.resolve("copy"));
        open();
        LogContract.append(node(), "room", 5);
        Position fifteenth = head().position();
        close();
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        open();

        assertThat(head().position()).isEqualTo(tenth);
        LogContract.append(node(), "room", 1);

        Lineage lineage = head().lineage();
        assertThat(lineage.ancestors()).containsExactly(new Lineage.Ancestor(tenth.epoch(), 10));
        assertThat(lineage.epoch()).isNotIn(tenth.epoch(), fifteenth.epoch());
        assertThat(lineage.common(fifteenth)).isEmpty();
        assertThat(node().content("room", fifteenth.at(11), 0, 0)).isEmpty();
        assertThat(node().content("room", head().position(), 0, 0)).isPresent();
    }

    @Test
    void an_append_that_was_rolled_back_names_no_life_for_others() {
        Member tooLong = new Member("u".repeat(300), Optional.empty());
        Publication refused = new Publication("room", Optional.empty(), tooLong, NOON, new Body.Json("1"));
        assertThatThrownBy(() -> node().append(List.of(refused))).isInstanceOf(LogException.class);
        LogContract.append(node(), "room", 1);
        assertThatThrownBy(() -> node().append(List.of(refused))).isInstanceOf(LogException.class);
        LogContract.append(node(), "room", 1);

        assertThat(head().lineage().ancestors()).isEmpty();
    }

    @Test
    void a_new_connection_does_not_let_h2_take_chunks_out_of_its_file_by_itself() throws Exception {
        try (Connection connection = source().getConnection()) {
            H2Session.of(connection).chunks().orElseThrow().release();

            DriverManager.getConnection(H2File.url(folder), "sa", "").close();

            assertThat(store(connection).getRetentionTime()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void what_a_probe_has_written_is_looked_after_though_nobody_publishes() throws Exception {
        JdbcLog log = node();
        try (Connection connection = source().getConnection()) {
            MVStore store = store(connection);
            await().until(() -> isReleased(log, store));

            log.probe();

            await().until(() -> isReleased(log, store));
        }
    }

    private static boolean isReleased(JdbcLog log, MVStore store) {
        store.setRetentionTime(1);
        log.trim(LogContract.retentions(new Retention(10, Duration.ofDays(1))));
        return store.getRetentionTime() != 1;
    }

    private static MVStore store(Connection connection) throws SQLException {
        SessionLocal session =
                (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        return session.getDatabase().getStore().getMvStore();
    }

    private Head head() {
        return node().heads(List.of("room")).get("room");
    }
}
