package dev.parley.frames;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all clients together may have the server hold of messages and bodies that have not come whole yet. A
 * hundred clients that each send all but the last byte of the largest message would else fill the heap, though none of
 * them breaks a rule. Thread-safe.
 */
public final class UnfinishedBudget {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public UnfinishedBudget(long most) {
        this.most = most;
    }

    /** False when there is not so much left; then nothing is taken. */
    boolean take(int bytes) {
        if (taken.addAndGet(bytes) <= most) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(int bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
