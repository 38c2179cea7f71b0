package dev.parley.concurrent;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of threads for owners whose tasks may wait as long as they like, so that whoever keeps all of its own
 * waiting holds up nobody else. An owner may take one more thread as long as it has fewer than are free (the dynamic
 * threshold of Choudhury and Hahne, "Dynamic queue length thresholds for shared-memory packet switches", with factor 1): one
 * alone has half of them at most, two that want all a third each, and there is always one left for who comes next. An
 * owner that has none gets one even when none is free, so there are never more than the bound and one an owner. What waits is
 * taken in turn, one task of each owner, and those of one owner in their order.
 *
 * <p>Tasks wait without a bound of their own: whoever hands them over has no more than one for each session. Thread-safe.
 *
 * @param <O> whose task it is; there are few
 */
public final class ThreadShares<O> implements AutoCloseable {
    private static final FailureLog FAILURES = new FailureLog(System.getLogger(ThreadShares.class.getName()));

    private final int most;
    private final Executor threads;

    // Guarded by this.
    private final Map<O, Share> shares = new HashMap<>();
    private final ArrayDeque<Share> line = new ArrayDeque<>();
    private int underWay;
    private boolean closed;

    /** What one owner has. */
    private static final class Share {
        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
        private int running;
    }

    private record Begun(Share share, Runnable task) {}

    /**
     * @param most tasks at once, but for the one that each owner may always have
     * @param threads gives a thread for each task at once
     */
    public ThreadShares(int most, Executor threads) {
        this.most = most;
        this.threads = threads;
    }

    /** The owner's threads. */
    public Executor of(O owner) {
        return task -> execute(owner, task);
    }

    /** @throws RejectedExecutionException once it is closed */
    public void execute(O owner, Runnable task) {
        synchronized (this) {
            if (closed) {
                throw new RejectedExecutionException("The server stops");
            }
            Share share = shares.computeIfAbsent(owner, unknown -> new Share());
            if (share.waiting.isEmpty()) {
                line.add(share);
            }
            share.waiting.add(GuardedTimer.guarded(task));
        }
        beginWaiting();
    }

    private void beginWaiting() {
        for (Begun begun = next(); begun != null; begun = next()) {
            if (!isBegun(begun)) {
                return;
            }
        }
    }

    /** Where no thread can be had it waits on, until another task has ended or is brought. */
    private boolean isBegun(Begun begun) {
        try {
            threads.execute(() -> run(begun));
            return true;
        } catch (RuntimeException | Error e) { // there is no memory for a thread
            putBack(begun);
            FAILURES.failed("There is no thread to be had", e);
            return false;
        }
    }

    private void run(Begun first) {
        Begun begun = first;
        while (begun != null) {
            begun.task().run();
            begun = next(begun.share());
            beginWaiting();
        }
    }

    private synchronized @Nullable Begun next(Share ended) {
        ended.running--;
        underWay--;
        return next();
    }

    private synchronized @Nullable Begun next() {
        Iterator<Share> inTurn = line.iterator();
        while (inTurn.hasNext()) {
            Share share = inTurn.next();
            if (share.running == 0 || share.running < most - underWay) {
                inTurn.remove();
                Runnable task = share.waiting.remove();
                share.running++;
                underWay++;
                if (!share.waiting.isEmpty()) {
                    line.add(share);
                }
                return new Begun(share, task);
            }
        }
        return null;
    }

    private synchronized void putBack(Begun begun) {
        Share share = begun.share();
        if (share.waiting.isEmpty()) {
            line.addFirst(share);
        }
        share.waiting.addFirst(begun.task());
        share.running--;
        underWay--;
    }

    /** Whether nothing is under way, and nothing waits. */
    public synchronized boolean isIdle() {
        return underWay == 0 && line.isEmpty();
    }

    /** Takes nothing more; what it has goes on, and nobody is interrupted. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
