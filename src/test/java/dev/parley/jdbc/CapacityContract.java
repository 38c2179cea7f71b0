package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.keyed;
import static dev.parley.jdbc.LogContract.retentions;
import static dev.parley.jdbc.LogContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.log.Log;
import dev.parley.log.LogCapacity;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.RetentionPolicies;
import dev.parley.log.SpaceLimits;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All channels together keep no more than the log may hold, and who publishes is told so. */
public interface CapacityContract extends LogContract {
    RetentionPolicies EVERYTHING = retentions(new Retention(10_000, Duration.ofDays(1)));
    RetentionPolicies LITTLE = retentions(new Retention(10_000, Duration.ofDays(1), 250_000));

    private static LogCapacity most(long bytes) {
        return new LogCapacity(new SpaceLimits(bytes, 0, "parley"));
    }

    private static List<ErrorCode> refusals(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Outcome.Refused.class::isInstance)
                .map(outcome -> ((Outcome.Refused) outcome).code())
                .toList();
    }

    /** As the trimmer does, until a measure has been taken that says so. */
    private static void trimUntil(Log log, RetentionPolicies retentions, LogCapacity capacity, boolean full) {
        await().until(() -> {
            while (log.trim(retentions)) {}
            return capacity.full().isPresent() == full;
        });
    }

    @Test
    default void a_full_log_refuses_and_is_read_on_and_takes_more_when_it_has_been_trimmed() {
        LogCapacity capacity = most(1_000_000);
        Log log = node(capacity);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            outcomes.addAll(log.append(List.of(binary("a" + i % 2, bytes(100_000)))));
        }

        assertThat(outcomes.subList(0, 10)).allMatch(Outcome.Appended.class::isInstance);
        assertThat(refusals(outcomes)).hasSize(5).containsOnly(ErrorCode.LOG_FULL);
        assertThat(capacity.full())
                .hasValueSatisfying(reason -> assertThat(reason).contains("parley.log.max-size"));
        assertThat(log.read("a0", 0, 100, 10_000_000).messages()).hasSize(5);

        log.trim(EVERYTHING);
        assertThat(refusals(log.append(List.of(text("a1", 1))))).containsExactly(ErrorCode.LOG_FULL);

        trimUntil(log, LITTLE, capacity, false);
        assertThat(refusals(log.append(List.of(text("a1", 1))))).isEmpty();
        assertThat(log.read("a0", 0, 100, 10_000_000).messages()).hasSize(2);
    }

    @Test
    default void what_another_node_has_appended_fills_it_too_and_so_does_what_was_there_at_the_start() {
        LogCapacity capacity = most(1_000_000);
        Log log = node(capacity);
        trimUntil(log, EVERYTHING, capacity, false);

        node().append(Collections.nCopies(10, binary("room", bytes(100_000))));
        trimUntil(log, EVERYTHING, capacity, true);
        assertThat(refusals(log.append(List.of(text("room", 1))))).containsExactly(ErrorCode.LOG_FULL);

        LogCapacity started = most(1_000_000);
        node(started).trim(EVERYTHING);
        assertThat(started.full()).isPresent();
    }

    @Test
    default void many_small_messages_fill_it_too() {
        LogCapacity capacity = most(100L * SpaceLimits.ENTRY);
        Log log = node(capacity);
        append(log, "room", 110);
        assertThat(capacity.full()).isPresent();

        LogCapacity measured = most(100L * SpaceLimits.ENTRY);
        node(measured).trim(EVERYTHING);
        assertThat(measured.full()).isPresent();
    }

    @Test
    default void what_the_server_itself_says_and_what_waits_in_the_outbox_is_taken_nevertheless() throws Exception {
        LogCapacity capacity = most(1_000);
        JdbcLog log = node(capacity);
        put(log, text("room", 1));
        append(log, "room", 10);

        assertThat(capacity.full()).isPresent();
        assertThatThrownBy(() -> put(log, text("room", 2)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_FULL));
        assertThat(refusals(log.append(List.of(text("parley.revoked", 1))))).isEmpty();
        List<Publication> waiting = log.outbox().waiting(10, 1_000);
        assertThat(waiting).hasSize(1);
        assertThat(refusals(log.append(waiting))).isEmpty();
        assertThat(log.outbox().waiting(10, 1_000)).isEmpty();
    }

    @Test
    default void one_of_a_batch_that_is_exempt_is_stored_though_the_others_are_refused() {
        LogCapacity capacity = most(1_000);
        Log log = node(capacity);
        append(log, "room", 10);

        List<Outcome> outcomes =
                log.append(List.of(keyed("room", "k", ANN, "1"), text("parley.revoked", 1), text("other", 1)));

        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Appended.class);
        assertThat(refusals(outcomes)).containsExactly(ErrorCode.LOG_FULL, ErrorCode.LOG_FULL);
        assertThat(log.heads(List.of("room", "other")).keySet()).containsExactly("room");
    }

    private void put(JdbcLog log, Publication publication) throws SQLException {
        try (Connection connection = source().getConnection()) {
            connection.setAutoCommit(false);
            log.outbox().put(connection, publication);
            connection.commit();
        }
    }
}
