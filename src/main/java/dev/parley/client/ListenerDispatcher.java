package dev.parley.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which listeners are called, and the little that waits for it. There is room for so many calls and bytes;
 * whoever finds none is told when there is some again. Nobody ever waits for room: some WebSocket clients (Tyrus' on
 * Grizzly) read on while a handler waits, and would fill the heap behind it. Thread-safe.
 */
final class ListenerDispatcher {
    static final int MOST_CALLS = 4_096;
    static final long MOST_SIZE = 4L * 1024 * 1024;

    private static final System.Logger LOGGER = System.getLogger(ListenerDispatcher.class.getName());

    private final Runnable drained;
    private final Thread thread;

    // Guarded by this.
    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private long size;
    private boolean turnedAway;
    private boolean closed;

    private record Call(long size, Runnable task) {}

    /** @param drained is told, on the listeners' thread, that half is free again after somebody found no room */
    ListenerDispatcher(ThreadFactory threads, Runnable drained) {
        this.drained = drained;
        thread = threads.newThread(this::run);
        thread.setName("parley-client-listeners");
        thread.start();
    }

    /**
     * Calls it later, if there is room; a call of any size finds some when none is waiting.
     *
     * @param bytes that it keeps in memory, roughly
     */
    synchronized boolean offer(long bytes, Runnable task) {
        boolean full = calls.size() >= MOST_CALLS || (size > 0 && size + bytes > MOST_SIZE);
        if (full && !closed) {
            turnedAway = true;
            return false;
        }
        add(bytes, task);
        return true;
    }

    /** Whether half is free; if it is not, it will be told when it is. */
    synchronized boolean hasRoom() {
        turnedAway = !isHalfFree();
        return !turnedAway;
    }

    private boolean isHalfFree() {
        return calls.size() <= MOST_CALLS / 2 && size <= MOST_SIZE / 2;
    }

    /** Calls it later, whether or not there is room: for the few things that are not messages. */
    synchronized void call(Runnable task) {
        add(0, task);
    }

    /** What waits is not called any more, but this is, as the last. */
    synchronized void close(Runnable last) {
        if (!closed) {
            calls.clear();
            size = 0;
            add(0, last);
            closed = true;
        }
    }

    /** Waits until the last call has returned, but no longer than this. */
    void await(Duration most) throws InterruptedException {
        thread.join(Math.max(1, most.toMillis()));
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    private void add(long bytes, Runnable task) {
        if (!closed) {
            size += bytes;
            calls.add(new Call(bytes, task));
            notifyAll();
        }
    }

    private void run() {
        try {
            for (Call call = next(); call != null; call = next()) {
                guarded(call.task());
                if (isDrainedBy(call)) {
                    guarded(drained);
                }
            }
        } catch (InterruptedException e) {
            LOGGER.log(System.Logger.Level.ERROR, "The thread for listeners was interrupted: they are called no more");
        }
    }

    private synchronized @Nullable Call next() throws InterruptedException {
        while (calls.isEmpty() && !closed) {
            wait();
        }
        return calls.poll();
    }

    /** It holds its room until it has returned, so that what is kept includes what is being looked at. */
    private synchronized boolean isDrainedBy(Call call) {
        size = Math.max(0, size - call.size());
        boolean room = turnedAway && isHalfFree();
        turnedAway &= !room;
        return room;
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(System.Logger.Level.ERROR, "A listener failed", e);
        }
    }
}
