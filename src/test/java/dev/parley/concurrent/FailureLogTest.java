package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.ManualExecutors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Loops that go on whatever a turn throws, and what they say of it. */
class FailureLogTest {
    private final List<String> lines = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 5;
    private final FailureLog log = new FailureLog(new Lines(), System.Logger.Level.ERROR, 1, () -> nanos);

    @Test
    void each_kind_is_told_once_and_then_once_a_minute_with_how_often_it_came_between() {
        for (int i = 0; i < 100; i++) {
            log.failed("A listener failed", new AssertionError("x"));
            log.failed("A listener failed", new IllegalStateException("x"));
            log.failed("A form failed", new AssertionError("x"));
        }
        assertThat(lines)
                .containsExactly(
                        "A listener failed: AssertionError",
                        "A listener failed: IllegalStateException",
                        "A form failed: AssertionError");
        nanos += TimeUnit.MINUTES.toNanos(1);
        log.failed("A form failed", new AssertionError("x"));

        assertThat(lines).hasSize(4).endsWith("A form failed (99 times more since this was last said): AssertionError");
    }

    @Test
    void where_each_is_wanted_a_few_of_a_minute_are_told_whatever_their_names() {
        FailureLog few = new FailureLog(new Lines(), System.Logger.Level.WARNING, 3, () -> nanos);
        for (int i = 0; i < 200; i++) {
            if (i == 100) {
                few.failed("of a session", "elsewhere", new AssertionError("x"));
                nanos += TimeUnit.MINUTES.toNanos(1);
            }
            few.failed("of a session", "session " + i, new AssertionError("x"));
        }

        assertThat(lines)
                .containsExactly(
                        "session 0: AssertionError",
                        "session 1: AssertionError",
                        "session 2: AssertionError",
                        "elsewhere: AssertionError",
                        "session 100 (97 times more since this was last said): AssertionError",
                        "session 101: AssertionError",
                        "session 102: AssertionError");
    }

    @Test
    void what_cannot_be_logged_harms_nobody() {
        log.failed("unprintable", new Unprintable());

        assertThat(lines).isEmpty();
    }

    @Test
    void a_timed_task_that_throws_an_error_has_its_next_turn() {
        ManualExecutors executors = new ManualExecutors();
        AtomicInteger turns = new AtomicInteger();
        ScheduledFuture<?> task = GuardedTimer.every(executors.timer(), Duration.ZERO, Duration.ofSeconds(1), () -> {
            turns.incrementAndGet();
            throw new NoClassDefFoundError("as the test wants it");
        });
        executors.pass(Duration.ofSeconds(3));

        assertThat(turns).hasValue(4);
        task.cancel(false);
        executors.pass(Duration.ofSeconds(3));
        assertThat(turns).hasValue(4);
    }

    private static final class Unprintable extends Error {
        private static final long serialVersionUID = 1;
    }

    private final class Lines implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            if (thrown instanceof Unprintable unprintable) {
                throw unprintable;
            }
            lines.add(text + ": " + thrown.getClass().getSimpleName());
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            lines.add(format);
        }
    }
}
