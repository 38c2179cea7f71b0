package dev.parley.concurrent;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * At most so many threads for one kind of waiting, and at most so many tasks that wait for one of them: a kind that hangs
 * holds up nothing of another. Threads that nobody needs die, so that a kind that is seldom needed costs nothing. What a
 * task throws is logged and ends no thread.
 */
public final class BoundedThreads extends ThreadPoolExecutor {
    private static final Duration IDLE = Duration.ofSeconds(10);

    /**
     * @param threads at most
     * @param waiting tasks, at most, beside those that run
     */
    public BoundedThreads(int threads, int waiting, ThreadFactory factory) {
        super(
                threads,
                threads,
                IDLE.toNanos(),
                TimeUnit.NANOSECONDS,
                new LinkedBlockingQueue<>(Math.max(1, waiting)),
                factory);
        allowCoreThreadTimeOut(true);
    }

    /** @throws RejectedExecutionException when too many tasks wait, after the end, and where no thread can be had */
    @Override
    public void execute(Runnable task) {
        try {
            super.execute(GuardedTimer.guarded(task));
        } catch (RejectedExecutionException e) {
            throw e;
        } catch (RuntimeException | Error e) { // of a server that stops, or has no memory for a thread
            throw new RejectedExecutionException("There is no thread to be had", e);
        }
    }
}
