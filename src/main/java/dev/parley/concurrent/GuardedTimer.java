package dev.parley.concurrent;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The one way to have something done later. A {@link ScheduledExecutorService} by itself drops a periodic task that has
 * thrown once, and says nothing; here whatever a turn throws is logged, and the next comes all the same.
 */
public final class GuardedTimer {
    private static final FailureLog FAILURES = new FailureLog(System.getLogger(GuardedTimer.class.getName()));

    private GuardedTimer() {}

    /**
     * Once, after a pause.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the timer is shut down
     */
    public static ScheduledFuture<?> after(ScheduledExecutorService timer, Duration pause, Runnable task) {
        return timer.schedule(guarded(task), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Again and again, with a pause between the end of a turn and the next.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the timer is shut down
     */
    public static ScheduledFuture<?> every(
            ScheduledExecutorService timer, Duration first, Duration pause, Runnable task) {
        return timer.scheduleWithFixedDelay(
                guarded(task), first.toNanos(), Math.max(1, pause.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** What it throws is logged and goes no further. */
    public static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) { // a VirtualMachineError too: the next turn may do better
                FAILURES.failed("A task failed", e);
            }
        };
    }
}
