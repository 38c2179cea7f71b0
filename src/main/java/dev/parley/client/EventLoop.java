package dev.parley.client;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's own thread: all that is decided is decided on it, and nothing on it waits. Thread-safe. */
final class EventLoop {
    private static final System.Logger LOGGER = System.getLogger(EventLoop.class.getName());

    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    EventLoop(ThreadFactory threads) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = threads.newThread(task);
            made.setName("parley-client");
            thread = made;
            return made;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Does it on the thread, after what was asked before; false when this has ended. */
    boolean run(Runnable task) {
        try {
            executor.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Does it after the pause, unless this has ended by then. */
    void later(Duration pause, Runnable task) {
        try {
            ScheduledFuture<?> unused = executor.schedule(() -> guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.TRACE, "The client is closed");
        }
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    void end() {
        executor.shutdown();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "The client failed", e);
        }
    }
}
