package dev.parley.log;

import static dev.parley.jdbc.LogContract.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** A channel that somebody holds, and what is published there and elsewhere meanwhile. */
final class HeldPublicationsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final HeldPublications.Pace PATIENT = new HeldPublications.Pace(Duration.ZERO, LONG);
    private static final HeldPublications.Pace IMPATIENT = new HeldPublications.Pace(Duration.ZERO, Duration.ZERO);

    private final ScriptedLog log = new ScriptedLog();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<String> told = new ArrayList<>();
    private int turns;

    @Test
    void others_go_on_and_what_is_published_there_goes_behind_what_waits() {
        LogWriter writer = writer(PATIENT, WriterLimits.DEFAULT);
        log.hold("held");
        publish(writer, "held", 1);
        publish(writer, "free", 2);
        publish(writer, "held", 3);
        during(turn -> {
            if (turn == 1) {
                publish(writer, "held", 4);
                publish(writer, "free", 5);
            }
            if (turn == 6) {
                assertThat(told).containsExactly("free 2", "free 5");
                assertThat(writer.status().queued())
                        .as("beside those that are tried")
                        .isZero();
                log.hold();
                publish(writer, "held", 6);
            }
        });

        executor.runAll();

        assertThat(told).containsExactly("free 2", "free 5", "held 1", "held 3", "held 4", "held 6");
        assertThat(writer.status().queued()).isZero();
        assertThat(writer.status().queuedBytes()).isZero();
        assertThat(writer.status().available()).isTrue();
    }

    @Test
    void what_waited_too_long_is_refused_all_together_and_is_never_stored() {
        LogWriter writer = writer(IMPATIENT, WriterLimits.DEFAULT);
        log.hold("held");
        publish(writer, "held", 1);
        publish(writer, "held", 2);
        publish(writer, "free", 3);

        executor.runAll();
        assertThat(told).containsExactly("free 3", "held 1 refused", "held 2 refused");
        assertThat(writer.status().available()).isTrue();

        log.hold();
        publish(writer, "held", 4);
        executor.runAll();
        assertThat(told).endsWith("held 4");
        assertThat(log.batches().get(log.batches().size() - 1)).hasSize(1);
    }

    @Test
    void what_waits_behind_others_is_not_refused_once_the_channel_is_free() {
        Duration patience = Duration.ofSeconds(1);
        LogWriter writer =
                writer(new HeldPublications.Pace(Duration.ZERO, patience), new WriterLimits(2, 100_000, 100, 100_000));
        log.hold("held");
        for (int i = 1; i < 8; i++) {
            publish(writer, "held", i);
        }
        // 1 and 2: the first two, which are held; then the others go behind them
        during(turn -> {
            if (turn == 3) {
                pass(patience);
                log.hold();
            }
        });

        executor.runAll();

        assertThat(told).hasSize(7).noneMatch(one -> one.contains("refused"));
    }

    private static void pass(Duration time) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin <= time.toNanos()) {
            LockSupport.parkNanos(time.toNanos());
        }
    }

    @Test
    void when_the_log_goes_away_what_waits_is_refused_too() {
        LogWriter writer = writer(PATIENT, WriterLimits.DEFAULT);
        log.hold("held");
        publish(writer, "held", 1);
        during(turn -> {
            if (turn == 3) {
                log.fail(LogException.Kind.UNAVAILABLE);
            }
        });

        executor.runAll();

        assertThat(told).containsExactly("held 1 refused");
        assertThat(writer.status().queued()).isZero();
        assertThat(writer.status().available()).isFalse();
    }

    @Test
    void one_channel_fills_no_more_than_half_of_the_queue() {
        LogWriter writer = writer(PATIENT, new WriterLimits(10, 100_000, 8, 100_000));
        log.hold("held");
        publish(writer, "held", 1);
        during(turn -> {
            if (turn > 1 && turn < 10) {
                publish(writer, "held", turn);
                publish(writer, "free", turn);
            }
            if (turn == 30) {
                log.hold();
            }
        });

        executor.runAll();

        assertThat(told.stream().filter(one -> one.matches("free \\d"))).hasSize(8);
        assertThat(told.stream().filter(one -> one.matches("held \\d"))).hasSizeBetween(3, 6);
        assertThat(told.stream().filter(one -> one.matches("held \\d refused"))).isNotEmpty();
    }

    @Test
    void a_batch_that_is_halved_lets_nothing_overtake_what_is_held_in_the_first_half() {
        LogWriter writer = writer(PATIENT, WriterLimits.DEFAULT);
        log.hold("held");
        log.refuse(publication -> number(publication).equals("9"));
        publish(writer, "held", 1);
        publish(writer, "free", 2);
        publish(writer, "free", 9);
        publish(writer, "held", 3);
        // 1: all; 2: the first half; by the second the channel is free
        during(turn -> {
            if (turn == 3) {
                log.hold();
            }
        });

        executor.runAll();

        assertThat(told).containsExactly("free 2", "free 9 refused", "held 1", "held 3");
    }

    private LogWriter writer(HeldPublications.Pace pace, WriterLimits limits) {
        return new LogWriter(new BatchCommit(log, new RecordingListener(), 1000), executor, limits, pace);
    }

    private void during(IntConsumer action) {
        log.beforeAppend(() -> action.accept(++turns));
    }

    private void publish(LogWriter writer, String channel, int number) {
        writer.publish(
                text(channel, number),
                outcome -> told.add(channel + " " + number
                        + (outcome instanceof Outcome.Appended ? "" : " refused" + reason(outcome))));
    }

    private static String reason(Outcome outcome) {
        boolean usual = outcome instanceof Outcome.Refused refused
                && (refused.code() == ErrorCode.UNAVAILABLE || refused.code() == ErrorCode.REJECTED);
        return usual ? "" : " as " + outcome;
    }

    private static String number(Publication publication) {
        return ((Body.Json) publication.body()).text().replaceAll("\\D", "");
    }
}
