package dev.parley.channel;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what all channels of the node keep in memory. */
final class MemoryBudget {
    private final AtomicLong used = new AtomicLong();
    private final long most;

    MemoryBudget(long most) {
        this.most = most;
    }

    void change(long bytes) {
        used.addAndGet(bytes);
    }

    long used() {
        return used.get();
    }

    boolean exceeded() {
        return used() > most;
    }
}
