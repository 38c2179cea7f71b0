package dev.parley.concurrent;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Threads for a team's own code, which may wait as long as it likes: each owner (an endpoint's class, a listener) has a
 * few of its own, which it holds up for nobody but itself. Thread-safe.
 */
public final class ForeignThreads implements Function<String, Executor>, AutoCloseable {
    private final int each;
    private final ThreadFactory factory;
    private final Map<String, BoundedThreads> owners = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param each threads of one owner, at most; with one its tasks run in their order */
    public ForeignThreads(int each, ThreadFactory factory) {
        this.each = each;
        this.factory = factory;
    }

    /**
     * The owner's threads, whoever asks. Its tasks wait without a bound of their own: whoever hands them over has no more
     * than one for each cursor.
     */
    @Override
    public Executor apply(String owner) {
        return task -> of(owner).execute(task);
    }

    private BoundedThreads of(String owner) {
        BoundedThreads threads =
                owners.computeIfAbsent(owner, unknown -> new BoundedThreads(each, Integer.MAX_VALUE, factory));
        if (closed) {
            threads.shutdown();
            throw new RejectedExecutionException("The node has ended");
        }
        return threads;
    }

    /** Takes nothing more; what is under way goes on. */
    @Override
    public void close() {
        closed = true;
        owners.values().forEach(BoundedThreads::shutdown);
    }

    /** Whether all that was under way has ended within the time. */
    public boolean awaitEnd(long time, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(time);
        for (BoundedThreads threads : List.copyOf(owners.values())) {
            if (!threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }
}
