package dev.parley.concurrent;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a step again and again, never twice at once, until there is nothing left to do: whoever finds nobody at it drains,
 * and whoever comes meanwhile only leaves a signal, without waiting, also from within the step. It is the queue-drain loop
 * of RxJava and Reactor with its counter of work in progress, {@code wip} (RxJava, "Writing operators for 2.0", on
 * serialization), made once. Thread-safe; a signal allocates nothing.
 *
 * <ul>
 *   <li>Never two at once: only who moves the counter from 0 drains, and it is 0 again only when that drain has taken off
 *       all it saw. A drain that goes on as a task holds it all the while.
 *   <li>No signal is lost: what a step answers is read before it begins. A signal that comes later is not taken off with
 *       it, so the counter is not 0 and another step begins.
 *   <li>What was written before a signal, the step sees; what one step wrote, the next sees, on whatever thread: each
 *       change and each reading of the counter is volatile, so whoever signals comes before whoever reads that signal, and
 *       whoever lets go before whoever begins anew (JLS 17.4.5). So what only steps touch needs no lock.
 * </ul>
 *
 * <p>The hard case: a step throws. It counts as one that found nothing; what was signalled meanwhile is still answered, and
 * then the first throwable goes on to the caller of this drain, or to the executor's thread, with the loop let go.
 */
public final class DrainLoop {
    private static final AtomicIntegerFieldUpdater<DrainLoop> WIP =
            AtomicIntegerFieldUpdater.newUpdater(DrainLoop.class, "wip");

    private final BooleanSupplier step;
    private final int rounds;
    private final Executor executor;
    private final Consumer<Throwable> rejected;

    /** Signals that no finished drain has answered; 0 when nobody is at it. */
    private volatile int wip;

    /**
     * On the threads of those who signal, without a bound.
     *
     * @param step does something if it can; false when there is nothing to do now
     */
    public DrainLoop(BooleanSupplier step) {
        this(step, Integer.MAX_VALUE, Runnable::run, failure -> {});
    }

    /**
     * On the executor's threads too: for those who may not drain themselves, and after some rounds, so that nobody keeps
     * a thread that others wait for.
     *
     * @param step does something if it can; false when there is nothing to do now
     * @param rounds steps in one go
     * @param executor must not run its tasks on the caller's stack
     * @param rejected is told when the executor takes no task: the loop is let go, and so are the signals until then; the
     *     next one tries again
     */
    public DrainLoop(BooleanSupplier step, int rounds, Executor executor, Consumer<Throwable> rejected) {
        this.step = step;
        this.rounds = rounds;
        this.executor = executor;
        this.rejected = rejected;
    }

    /** There may be something to do: on this thread, unless a drain goes on. */
    public void drain() {
        if (WIP.getAndIncrement(this) == 0) {
            drainLoop();
        }
    }

    /** There may be something to do: on a thread of the executor, unless a drain goes on. */
    public void schedule() {
        if (WIP.getAndIncrement(this) == 0) {
            goOnElsewhere();
        }
    }

    private void drainLoop() {
        Throwable failure = null;
        for (int round = 0; round < rounds; round++) {
            int seen = wip;
            boolean mayHaveMore = false;
            try {
                mayHaveMore = step.getAsBoolean();
            } catch (Throwable e) { // a checked one too: Kotlin's code declares none
                failure = failure == null ? e : failure;
            }
            if (!mayHaveMore && WIP.addAndGet(this, -seen) == 0) {
                rethrow(failure);
                return;
            }
        }
        goOnElsewhere();
        rethrow(failure);
    }

    private void goOnElsewhere() {
        try {
            executor.execute(this::drainLoop);
        } catch (RuntimeException | Error e) { // rejected, or there is no memory for a thread
            wip = 0;
            rejected.accept(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(@Nullable Throwable failure) throws E {
        if (failure != null) {
            throw (E) failure;
        }
    }
}
