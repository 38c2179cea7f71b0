package dev.parley.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.LogContract;
import dev.parley.testing.ManualExecutors;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LogTrimmerTest {
    private static final RetentionPolicies ANY = LogContract.retentions(new Retention(1, Duration.ofDays(1)));

    @Test
    void steps_follow_each_other_while_there_is_more_to_do_and_a_failure_ends_nothing() throws Exception {
        ScriptedLog log = new ScriptedLog();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        LogTrimmer trimmer = LogTrimmer.start(log, ANY, executor, Duration.ofMillis(10));

        await().until(() -> log.trims() >= 7);

        trimmer.close();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void after_a_pass_it_looks_again_only_after_the_interval_and_not_once_it_is_closed() {
        ScriptedLog log = new ScriptedLog();
        ManualExecutors executors = new ManualExecutors();
        LogTrimmer trimmer = LogTrimmer.start(log, ANY, executors.timer(), Duration.ofHours(1));

        executors.pass(Duration.ofMinutes(59));
        assertThat(log.trims()).isEqualTo(3);
        executors.pass(Duration.ofMinutes(2));
        assertThat(log.trims()).isEqualTo(4);
        executors.pass(Duration.ofHours(2));
        assertThat(log.trims()).isEqualTo(6);
        trimmer.close();
        executors.pass(Duration.ofHours(2));

        assertThat(log.trims()).isEqualTo(6);
    }
}
