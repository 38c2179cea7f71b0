package dev.parley.jdbc;

import static dev.parley.jdbc.LogContract.offsets;
import static dev.parley.jdbc.LogContract.offsetsOf;
import static dev.parley.jdbc.LogContract.text;
import static dev.parley.jdbc.LogContract.trimAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.ClockLimits;
import dev.parley.log.LogCapacity;
import dev.parley.log.LogClock;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.log.Retention;
import dev.parley.protocol.Body;
import dev.parley.testing.CapturedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose clock it is that says what is too old, and that nothing is when it is wrong. */
final class JdbcClockTest {
    private static final Retention WEEK = new Retention(10, Duration.ofDays(7));
    private static final Duration EIGHT_DAYS = Duration.ofDays(8);

    @TempDir
    Path folder;

    private HikariDataSource source;

    /** A machine, whose clock can be set. */
    private static final class Machine {
        Instant wall;
        Duration running = Duration.ZERO;

        Machine(Instant wall) {
            this.wall = wall;
        }

        void goesOn(Duration time) {
            wall = wall.plus(time);
            running = running.plus(time);
        }

        void isSet(Duration ahead) {
            wall = wall.plus(ahead);
        }
    }

    /** A node on a machine. */
    private final class TimedNode {
        final JdbcClock clock;
        final JdbcLog log;

        TimedNode(Machine machine, ClockLimits limits) {
            clock = new JdbcClock(limits, () -> machine.wall, () -> machine.running.toNanos());
            log = new JdbcLog(source, LogContract.INLINE, LogCapacity.unlimited(), Duration.ofSeconds(20), clock);
            log.lookAtClock();
        }

        TimedNode(Machine machine) {
            this(machine, ClockLimits.DEFAULT);
        }

        Outcome publish(String key) {
            Publication publication =
                    new Publication("room", Optional.of(key), LogContract.ANN, clock.instant(), new Body.Json("1"));
            return log.append(List.of(publication)).get(0);
        }

        List<Long> keptAfterTrimming() {
            trimAll(log, WEEK);
            return offsetsOf(log.read("room", 0, 100, 10_000).messages());
        }

        String doubt() {
            return clock.doubt().map(LogClock.Doubt::reason).orElse("");
        }
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void on_h2_a_clock_that_is_set_while_the_server_runs_makes_nothing_old_and_is_told_once() {
        h2();
        Machine machine = new Machine(LogContract.NOON);
        TimedNode node = new TimedNode(machine);
        Outcome first = node.publish("a");
        List<String> told;
        CapturedLogs logs = new CapturedLogs();
        try {
            machine.isSet(EIGHT_DAYS);
            assertThat(node.keptAfterTrimming()).containsExactly(1L);
            machine.goesOn(Duration.ofSeconds(1));
            assertThat(node.keptAfterTrimming()).containsExactly(1L);
            told = logs.shown().stream()
                    .filter(line -> line.contains(JdbcClock.class.getSimpleName()))
                    .toList();
        } finally {
            logs.close();
        }
        assertThat(told).singleElement().asString().contains("691200 s", "parley.log.clock-skew");
        assertThat(node.doubt()).contains("691200 s", "started anew");
        assertThat(node.clock.doubt())
                .hasValueSatisfying(doubt -> assertThat(doubt.foreign()).isFalse());
        assertThat(node.publish("a")).isEqualTo(new Outcome.Repeated(LogContract.position(first)));
        assertThat(node.clock.instant()).as("goes on evenly").isEqualTo(LogContract.NOON.plusSeconds(1));

        machine.isSet(EIGHT_DAYS.negated());
        machine.goesOn(Duration.ofDays(6));
        node.publish("b");
        assertThat(node.keptAfterTrimming()).containsExactly(1L, 2L);
        assertThat(node.doubt()).isEmpty();
        machine.goesOn(Duration.ofDays(2));
        assertThat(node.keptAfterTrimming()).containsExactly(2L);
    }

    @Test
    void on_h2_what_is_too_much_goes_whatever_the_clock() {
        h2();
        Machine machine = new Machine(LogContract.NOON);
        TimedNode node = new TimedNode(machine);
        machine.isSet(EIGHT_DAYS);
        for (int i = 0; i < 15; i++) {
            node.publish("k" + i);
        }

        assertThat(node.keptAfterTrimming()).hasSize(10);
        assertThat(node.doubt()).isNotEmpty();
    }

    @Test
    void on_h2_messages_that_are_published_while_the_clock_stands_back_are_not_old_when_it_is_right_again() {
        h2();
        Machine machine = new Machine(LogContract.NOON);
        TimedNode node = new TimedNode(machine);
        machine.isSet(EIGHT_DAYS.negated());
        assertThat(node.keptAfterTrimming()).isEmpty();
        node.publish("a");
        machine.isSet(EIGHT_DAYS);

        assertThat(node.keptAfterTrimming()).containsExactly(1L);
        assertThat(node.doubt()).isEmpty();
    }

    @Test
    void on_h2_a_clock_is_followed_that_is_kept_right_in_small_steps() {
        h2();
        Machine machine = new Machine(LogContract.NOON);
        TimedNode node = new TimedNode(machine);
        machine.isSet(Duration.ofSeconds(30));

        assertThat(node.keptAfterTrimming()).isEmpty();
        assertThat(node.doubt()).isEmpty();
        assertThat(node.clock.instant()).isEqualTo(LogContract.NOON.plusSeconds(30));
    }

    @Test
    void on_h2_a_start_long_after_it_was_last_in_use_removes_nothing_until_somebody_says_that_it_is_right() {
        h2();
        new TimedNode(new Machine(LogContract.NOON)).publish("a");
        Machine late = new Machine(LogContract.NOON.plus(EIGHT_DAYS));

        TimedNode node = new TimedNode(late);
        assertThat(node.keptAfterTrimming()).containsExactly(1L);
        assertThat(node.doubt()).contains("192 h after", "parley.log.clock-gap");
        node.publish("b");

        TimedNode again = new TimedNode(late);
        assertThat(again.keptAfterTrimming())
                .as("its own messages prove nothing")
                .containsExactly(1L, 2L);
        assertThat(again.doubt()).contains("192 h after");

        TimedNode confirmed = new TimedNode(late, new ClockLimits(Duration.ofMinutes(1), Duration.ofDays(30)));
        assertThat(confirmed.doubt()).isEmpty();
        assertThat(confirmed.keptAfterTrimming()).containsExactly(2L);
        assertThat(new TimedNode(late).doubt()).as("once is enough").isEmpty();
    }

    @Test
    void on_h2_a_clock_that_was_wrong_at_the_start_and_is_set_right_is_gone_by() {
        h2();
        new TimedNode(new Machine(LogContract.NOON)).publish("a");
        Machine machine = new Machine(LogContract.NOON.minus(EIGHT_DAYS));
        TimedNode node = new TimedNode(machine);
        assertThat(node.doubt()).contains("192 h before");

        machine.isSet(EIGHT_DAYS.plusDays(3));
        assertThat(node.keptAfterTrimming()).containsExactly(1L);
        assertThat(node.doubt()).isEmpty();
        assertThat(node.clock.instant()).isEqualTo(LogContract.NOON.plus(Duration.ofDays(3)));
    }

    @Test
    void on_h2_a_server_to_whom_nobody_says_anything_knows_all_the_same_when_it_was_last_in_use() {
        h2();
        Machine machine = new Machine(LogContract.NOON);
        TimedNode node = new TimedNode(machine);
        node.publish("a");
        machine.goesOn(Duration.ofDays(20));
        assertThat(node.keptAfterTrimming()).isEmpty();

        assertThat(new TimedNode(machine).doubt()).isEmpty();
    }

    @Test
    void on_h2_a_file_in_which_no_time_was_noted_has_that_of_its_newest_message() {
        h2();
        JdbcLog before = new JdbcLog(source, LogContract.INLINE);
        before.append(List.of(text("room", 1)));
        before.append(List.of(text("hall", 1)));

        assertThat(new TimedNode(new Machine(LogContract.NOON.plus(EIGHT_DAYS))).doubt())
                .contains("192 h after");
        assertThat(new TimedNode(new Machine(LogContract.NOON.plus(Duration.ofDays(6)))).doubt())
                .isEmpty();
    }

    @Test
    @Tag("postgresql")
    void on_postgresql_a_node_that_is_eight_days_ahead_removes_nothing_and_is_not_ready() {
        postgres();
        Instant now = InstantSource.system().instant();
        TimedNode right = new TimedNode(new Machine(now));
        right.publish("a");

        TimedNode ahead = new TimedNode(new Machine(now.plus(EIGHT_DAYS)));

        assertThat(ahead.keptAfterTrimming()).containsExactly(1L);
        assertThat(ahead.doubt()).contains("parley.log.clock-skew");
        assertThat(ahead.clock.doubt())
                .hasValueSatisfying(doubt -> assertThat(doubt.foreign()).isTrue());
        assertThat(right.doubt()).isEmpty();
    }

    @Test
    @Tag("postgresql")
    void on_postgresql_what_a_node_eight_days_behind_publishes_is_as_old_as_what_others_do() {
        postgres();
        Instant now = InstantSource.system().instant();
        TimedNode right = new TimedNode(new Machine(now));
        TimedNode behind = new TimedNode(new Machine(now.minus(EIGHT_DAYS)));
        Outcome first = behind.publish("a");

        assertThat(right.keptAfterTrimming()).containsExactly(1L);
        assertThat(right.publish("a")).isEqualTo(new Outcome.Repeated(LogContract.position(first)));
        assertThat(Duration.between(now, behind.clock.instant())).isBetween(Duration.ofHours(-1), Duration.ofHours(1));
    }

    @Test
    @Tag("postgresql")
    void on_postgresql_a_node_whose_clock_is_set_right_trims_again() {
        postgres();
        Instant now = InstantSource.system().instant();
        Machine machine = new Machine(now.plus(EIGHT_DAYS));
        TimedNode node = new TimedNode(machine);
        node.log.append(List.of(
                new Publication("room", Optional.empty(), LogContract.ANN, now.minus(EIGHT_DAYS), new Body.Json("1"))));
        assertThat(node.keptAfterTrimming()).containsExactly(1L);

        machine.isSet(EIGHT_DAYS.negated());

        assertThat(node.keptAfterTrimming()).isEmpty();
        assertThat(node.doubt()).isEmpty();
        assertThat(offsets(List.of(node.publish("b")))).containsExactly(2L);
    }

    private void h2() {
        source = Pools.h2(H2File.url(folder));
        JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
    }

    private void postgres() {
        source = Pools.postgres(PostgresServer.newDatabase());
        JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
    }
}
