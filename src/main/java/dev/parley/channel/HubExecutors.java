package dev.parley.channel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a hub runs on.
 *
 * @param reads may block on the log
 * @param delivery hands batches to connections; as many threads as cores
 * @param timer for short tasks
 * @param clock tells the age of messages, and for how long nobody has used a channel
 */
public record HubExecutors(Executor reads, Executor delivery, ScheduledExecutorService timer, Clock clock) {
    private static final System.Logger LOGGER = System.getLogger(HubExecutors.class.getName());

    public HubExecutors(Executor reads, Executor delivery, ScheduledExecutorService timer) {
        this(reads, delivery, timer, Clock.systemUTC());
    }

    Instant now() {
        return clock.instant();
    }

    /** Does something once, after a pause; not at all when the node is stopping. */
    void after(Duration pause, Runnable task) {
        try {
            ScheduledFuture<?> unused = timer.schedule(() -> guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping.");
        }
    }

    ScheduledFuture<?> every(Duration pause, Runnable task) {
        long millis = Math.max(1, pause.toMillis());
        return timer.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "A timed task failed", e);
        }
    }
}
