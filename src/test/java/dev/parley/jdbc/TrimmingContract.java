package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.append;
import static dev.parley.jdbc.LogContract.binary;
import static dev.parley.jdbc.LogContract.bytes;
import static dev.parley.jdbc.LogContract.inParallel;
import static dev.parley.jdbc.LogContract.offsets;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.position;
import static dev.parley.jdbc.LogContract.retentions;
import static dev.parley.jdbc.LogContract.text;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.Log;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.log.RetentionPolicies;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every log lets go of, and what it keeps. */
public interface TrimmingContract extends LogContract {

    @Test
    default void trimming_by_count_takes_small_steps_from_the_beginning() {
        Log log = node();
        for (int i = 0; i < 3; i++) {
            append(log, "chat.a", 600);
        }
        append(log, "chat.b", 5);
        RetentionPolicies retentions = retentions(new Retention(10, Duration.ofDays(1)));
        List<Long> firsts = new ArrayList<>();

        boolean more = true;
        while (more) {
            more = log.trim(retentions);
            firsts.add(log.heads(List.of("chat.a")).get("chat.a").first());
        }

        assertThat(firsts).hasSizeGreaterThan(3).isSorted();
        assertThat(log.heads(List.of("chat.a")).get("chat.a").first()).isEqualTo(1791);
        assertThat(log.read("chat.a", 0, 100, 100_000).messages()).hasSize(10);
        assertThat(log.read("chat.b", 0, 100, 100_000).messages()).hasSize(5);
    }

    @Test
    default void trimming_by_age_keeps_the_younger_ones_and_the_head() {
        Log log = node(Clock.fixed(NOON.plus(Duration.ofHours(10)), ZoneOffset.UTC));
        log.append(IntStream.range(0, 10)
                .mapToObj(hour -> new Publication(
                        "room", Optional.empty(), ANN, NOON.plus(Duration.ofHours(hour)), new Body.Json("1")))
                .toList());

        trimAll(log, new Retention(100, Duration.ofMinutes(150)));
        assertThat(offsetsOf(log.read("room", 0, 100, 1000).messages())).containsExactly(9L, 10L);

        trimAll(log, new Retention(100, Duration.ofMinutes(1)));
        Slice slice = log.read("room", 0, 100, 1000);
        assertThat(slice.messages()).isEmpty();
        assertThat(slice.head().first()).isEqualTo(11);
        assertThat(slice.head().last()).isEqualTo(10);
        assertThat(offsets(log.append(List.of(text("room", 1))))).containsExactly(11L);
    }

    @Test
    default void each_namespace_is_trimmed_as_it_retains() {
        Log log = node();
        append(log, "chat.a", 20);
        append(log, "orders.a", 20);

        RetentionPolicies retentions = new RetentionPolicies() {
            @Override
            public Retention of(String namespace) {
                return new Retention(namespace.equals("chat") ? 3 : 7, Duration.ofDays(1));
            }

            @Override
            public Duration keyAge() {
                return Duration.ofDays(1);
            }
        };
        while (log.trim(retentions)) {}

        assertThat(log.read("chat.a", 0, 100, 1000).messages()).hasSize(3);
        assertThat(log.read("orders.a", 0, 100, 1000).messages()).hasSize(7);
    }

    @Test
    default void another_node_trims_what_it_has_not_appended_itself() {
        append(node(), "room", 20);

        trimAll(node(), new Retention(5, Duration.ofDays(1)));

        assertThat(node().read("room", 0, 100, 1000).messages()).hasSize(5);
    }

    @Test
    default void large_bodies_are_trimmed_with_their_messages() throws Exception {
        Log log = node();
        Position first =
                position(log.append(List.of(binary("room", bytes(1_000_000)))).get(0));
        for (int i = 0; i < 20; i++) {
            log.append(List.of(binary("room", bytes(1_000_000))));
        }

        trimAll(log, new Retention(2, Duration.ofDays(1)));

        assertThat(offsetsOf(log.read("room", 0, 100, 1000).messages())).containsExactly(20L, 21L);
        assertThat(log.content("room", first)).isEmpty();
        assertThat(log.content("room", first.at(21))).isPresent();
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT MIN(pos), COUNT(*) FROM parley_part")) {
            rows.next();
            assertThat(rows.getLong(1)).isEqualTo(20);
            assertThat(rows.getLong(2)).isEqualTo(8);
        }
    }

    @Test
    default void a_reader_sees_no_hole_while_the_log_is_trimmed_and_appended_to() throws Exception {
        Log writer = node();
        Log trimmer = node();
        append(writer, "room", 50);
        AtomicBoolean stop = new AtomicBoolean();
        Callable<List<Outcome>> append = () -> {
            for (int i = 0; i < 150; i++) {
                append(writer, "room", 20);
            }
            stop.set(true);
            return List.of();
        };
        Callable<List<Outcome>> trim = () -> {
            while (!stop.get()) {
                trimmer.trim(retentions(new Retention(5, Duration.ofDays(1))));
            }
            return List.of();
        };
        Callable<List<Outcome>> read = () -> {
            Log reader = node();
            while (!stop.get()) {
                Slice slice = reader.read("room", 0, 30, 1_000_000);
                List<Long> offsets = offsetsOf(slice.messages());
                assertThat(offsets).isNotEmpty();
                assertThat(offsets.get(0)).isEqualTo(slice.head().first());
                assertThat(offsets)
                        .isEqualTo(LongStream.range(offsets.get(0), offsets.get(0) + offsets.size())
                                .boxed()
                                .toList());
                assertThat(slice.messages())
                        .allMatch(message ->
                                message.position().epoch().equals(slice.head().epoch()));
                assertThat(slice.head().last()).isGreaterThanOrEqualTo(offsets.get(offsets.size() - 1));
            }
            return List.of();
        };

        inParallel(List.of(append, trim, read, read));
    }
}
