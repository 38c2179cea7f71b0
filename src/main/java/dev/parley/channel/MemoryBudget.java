package dev.parley.channel;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what all channels of the node keep in memory. */
final class MemoryBudget {
    private static final int SHARE_WHEN_SHORT = 16;

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

    /** Who grows keeps one in so many of what it may: all; less beyond the budget; beyond twice that, its newest. */
    int share() {
        long now = used();
        return now <= most ? 1 : now <= 2 * most ? SHARE_WHEN_SHORT : Integer.MAX_VALUE;
    }
}
