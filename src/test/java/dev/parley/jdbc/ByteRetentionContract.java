package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.inParallel;
import static dev.parley.jdbc.LogContract.keyed;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.Log;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.protocol.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a channel keeps is bounded by bytes as well as by count. */
public interface ByteRetentionContract extends LogContract {
    Duration DAY = Duration.ofDays(1);

    /** Whether each message of a channel has the bytes before it that those before it have, and the channel all. */
    static void assertTotals(DataSource source) throws SQLException {
        String wrong = "SELECT COUNT(*) FROM parley_message m JOIN parley_channel c ON c.id = m.channel_id"
                + " LEFT JOIN parley_message n ON n.channel_id = m.channel_id AND n.pos = m.pos + 1"
                + " WHERE m.bytes_before IS NULL OR COALESCE(n.bytes_before, c.bytes) <> m.bytes_before + m.size";
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(wrong)) {
            rows.next();
            assertThat(rows.getLong(1)).as("messages with a wrong total").isZero();
        }
    }

    @Test
    default void trimming_by_bytes_keeps_what_is_within_the_bound_and_other_channels_whole() {
        Log log = node();
        for (int i = 0; i < 3; i++) {
            log.append(Collections.nCopies(10, binary("room", bytes(100_000))));
        }
        log.append(Collections.nCopies(9, binary("other", bytes(100_000))));

        trimAll(log, new Retention(10_000, DAY, 1_000_000));

        assertThat(offsetsOf(log.read("room", 0, 100, 10_000_000).messages()))
                .hasSize(10)
                .startsWith(21L)
                .endsWith(30L);
        assertThat(log.read("other", 0, 100, 10_000_000).messages()).hasSize(9);
    }

    @Test
    default void trimming_by_bytes_goes_in_small_steps_too() {
        Log log = node();
        for (int i = 0; i < 10; i++) {
            log.append(Collections.nCopies(3, binary("room", bytes(1_000_000))));
        }
        List<Long> firsts = new ArrayList<>();

        boolean more = true;
        while (more) {
            more = log.trim(LogContract.retentions(new Retention(10_000, DAY, 2_500_000)));
            firsts.add(log.heads(List.of("room")).get("room").first());
        }

        assertThat(firsts).hasSizeGreaterThan(3).isSorted().endsWith(29L);
    }

    @Test
    default void the_newest_message_is_kept_though_it_is_larger_than_the_bound() {
        Log log = node();
        append(log, "room", 5);
        log.append(List.of(binary("room", bytes(100_000))));
        Retention small = new Retention(10_000, DAY, 50_000);

        trimAll(log, small);
        assertThat(offsetsOf(log.read("room", 0, 100, 1_000).messages())).containsExactly(6L);

        append(log, "room", 1);
        trimAll(log, small);
        assertThat(offsetsOf(log.read("room", 0, 100, 1_000).messages())).containsExactly(7L);
    }

    @Test
    default void only_what_is_stored_counts() throws Exception {
        Log log = node();
        log.append(List.of(keyed("room", "a", ANN, "\"first\"")));

        List<Outcome> outcomes = log.append(List.of(
                keyed("room", "a", ANN, "\"first\""),
                keyed("room", "b", ANN, "\"second\""),
                keyed("room", "a", ANN, "\"quite another\""),
                keyed("room", "b", ANN, "\"second\""),
                keyed("room", "c", ANN, "\"third\"")));

        assertThat(outcomes.get(2)).isEqualTo(new Outcome.Refused(ErrorCode.KEY_REUSED));
        assertTotals(source());
        log.append(List.of(keyed("room", "a", ANN, "\"first\"")));
        append(log, "room", 3);
        assertTotals(source());
        trimAll(log, new Retention(2, DAY));
        append(log, "room", 3);
        assertTotals(source());
    }

    @Test
    default void the_totals_of_nodes_that_append_at_once_are_one() throws Exception {
        List<Callable<Void>> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Publication> batch =
                    List.of(binary("a", bytes(10 + i)), binary("b", bytes(100 + i)), binary("a", bytes(1_000 + i)));
            Log node = node();
            nodes.add(() -> {
                for (int j = 0; j < 20; j++) {
                    node.append(batch);
                }
                return null;
            });
        }

        inParallel(nodes);

        assertTotals(source());
    }

    @Test
    default void trimming_by_bytes_does_not_wait_for_a_publisher_who_holds_the_channel() throws Exception {
        Log log = node();
        log.append(Collections.nCopies(20, binary("room", bytes(10_000))));
        try (Connection publisher = source().getConnection();
                Statement statement = publisher.createStatement()) {
            publisher.setAutoCommit(false);
            statement.executeUpdate("UPDATE parley_channel SET head = head + 1 WHERE name = 'room'");

            trimAll(node(), new Retention(10_000, DAY, 50_000));
            publisher.rollback();
        }

        assertThat(log.read("room", 0, 100, 10_000_000).messages()).hasSize(5);
    }
}
