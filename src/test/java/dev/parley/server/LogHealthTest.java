package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.LogException;
import dev.parley.log.LogTrouble;
import dev.parley.log.WriterStatus;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.ManualExecutors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LogHealthTest {
    private static final Duration SECONDS = Duration.ofSeconds(6);

    private final ManualExecutors executors = new ManualExecutors();
    private final LogTrouble trouble = new LogTrouble();
    private final CapturedLogs logs = new CapturedLogs();
    private WriterStatus writer = status(0, true, Duration.ZERO);
    private List<String> lacks = List.of();
    private int writes;
    private boolean broken;

    private final LogHealth.Questions questions = new LogHealth.Questions() {
        @Override
        public WriterStatus writer() {
            return writer;
        }

        @Override
        public void write() {
            writes++;
            if (broken) {
                throw failure();
            }
        }

        @Override
        public List<String> shortcomings() {
            return lacks;
        }
    };

    private final LogHealth health =
            LogHealth.start(questions, trouble, executors.timer(), executors.reads(), List.of());

    @AfterEach
    void close() {
        logs.close();
        health.close();
    }

    @Test
    void where_nobody_writes_it_writes_itself_and_says_once_what_it_found() {
        executors.pass(SECONDS);
        assertThat(health.unwritable()).isEmpty();

        broken = true;
        executors.pass(SECONDS);
        assertThat(health.unwritable())
                .hasValueSatisfying(why -> assertThat(why).contains("away"));
        executors.pass(SECONDS);
        broken = false;
        executors.pass(SECONDS);
        assertThat(health.unwritable()).isEmpty();
        assertThat(logs.shown().stream().filter(line -> line.contains("The log cannot be written")))
                .hasSize(2)
                .element(1)
                .asString()
                .contains("No longer so");
    }

    @Test
    void where_others_write_it_does_not() {
        executors.pass(SECONDS);
        int before = writes;
        for (int batch = 1; batch < 10; batch++) {
            writer = status(batch, true, Duration.ZERO);
            executors.pass(Duration.ofSeconds(1));
        }
        assertThat(writes).isEqualTo(before);
        assertThat(health.unwritable()).isEmpty();
    }

    @Test
    void what_a_write_has_found_is_over_when_another_finds_better_though_nobody_publishes() {
        trouble.failed(LogTrouble.WRITING, failure());
        writer = status(0, false, Duration.ZERO);
        assertThat(health.unwritable()).isPresent();

        executors.pass(SECONDS);

        assertThat(health.unwritable()).isEmpty();
    }

    @Test
    void a_write_that_is_not_answered_for_long_is_none() {
        executors.pass(SECONDS);
        writer = status(0, true, Duration.ofSeconds(3));
        assertThat(health.unwritable()).isEmpty();
        writer = status(0, true, Duration.ofSeconds(9));
        assertThat(health.unwritable())
                .hasValueSatisfying(why -> assertThat(why).contains("9 s"));
    }

    @Test
    void where_there_was_no_memory_for_a_thread_it_asks_again() {
        AtomicBoolean full = new AtomicBoolean(true);
        Executor threads = task -> {
            if (full.getAndSet(false)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        health.close();
        try (LogHealth other = LogHealth.start(questions, trouble, executors.timer(), threads, List.of())) {
            executors.pass(SECONDS);
            assertThat(writes).isPositive();
            assertThat(other.unwritable()).isEmpty();
        }
    }

    @Test
    void what_the_database_does_not_promise_any_more_is_found_while_it_runs() {
        executors.pass(SECONDS);
        lacks = List.of("No standby is there.");
        executors.pass(SECONDS.multipliedBy(2));
        assertThat(health.shortcomings()).containsExactly("No standby is there.");
        lacks = List.of();
        executors.pass(SECONDS.multipliedBy(2));
        assertThat(health.shortcomings()).isEmpty();
        assertThat(logs.shown()).anyMatch(line -> line.contains("No standby is there."));
    }

    private static LogException failure() {
        return new LogException(LogException.Kind.UNAVAILABLE, "away", new IllegalStateException("scripted"));
    }

    private static WriterStatus status(long batches, boolean available, Duration trying) {
        return new WriterStatus(0, 0, batches, batches, available, trying, Optional.empty(), Optional.empty());
    }
}
