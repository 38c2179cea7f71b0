package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.settings.ThreadSettings;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each kind of waiting has threads of its own. */
class NodeExecutorsTest {
    private static final long SECONDS = 30;

    @Test
    void sessions_that_hang_in_their_closing_starve_only_the_closing() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (NodeExecutors executors = NodeExecutors.own(new ThreadSettings(2, 1, 3, 1, 1, 1))) {
            NodeExecutors.Waiting waiting = executors.waiting();
            int taken = hang(waiting.closing(), end);
            List<Executor> others = List.of(
                    waiting.pinging(),
                    waiting.keys(),
                    waiting.observers(),
                    waiting.draining(),
                    executors.foreign().apply("an endpoint"),
                    executors.delivery(),
                    executors.reads());
            CountDownLatch done = new CountDownLatch(others.size());
            others.forEach(executor -> executor.execute(done::countDown));

            assertThat(taken).isEqualTo(5);
            assertThat(done.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            end.countDown();
        }
    }

    /** How many it takes, the last of which wait. */
    private static int hang(Executor executor, CountDownLatch end) {
        for (int taken = 0; taken < 100; taken++) {
            try {
                executor.execute(() -> await(end));
            } catch (RejectedExecutionException e) {
                return taken;
            }
        }
        return 100;
    }

    private static void await(CountDownLatch end) {
        try {
            assertThat(end.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
