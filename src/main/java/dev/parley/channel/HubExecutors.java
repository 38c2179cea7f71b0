package dev.parley.channel;

import dev.parley.concurrent.GuardedTimer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;

/**
 * What a hub runs on.
 *
 * @param reads may block on the log
 * @param delivery hands batches to connections; as many threads as cores
 * @param foreign by the name of an owner: for a team's own code, which may wait
 * @param timer for short tasks
 * @param clock tells the age of messages, and for how long nobody has used a channel
 */
public record HubExecutors(
        Executor reads,
        Executor delivery,
        Function<String, Executor> foreign,
        ScheduledExecutorService timer,
        InstantSource clock) {
    private static final System.Logger LOGGER = System.getLogger(HubExecutors.class.getName());

    public HubExecutors(
            Executor reads, Executor delivery, Function<String, Executor> foreign, ScheduledExecutorService timer) {
        this(reads, delivery, foreign, timer, InstantSource.system());
    }

    Instant now() {
        return clock.instant();
    }

    /** Does something once, after a pause; not at all when the node is stopping. */
    void after(Duration pause, Runnable task) {
        try {
            ScheduledFuture<?> unused = GuardedTimer.after(timer, pause, task);
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping.");
        }
    }

    ScheduledFuture<?> every(Duration pause, Runnable task) {
        return GuardedTimer.every(timer, pause, pause, task);
    }
}
