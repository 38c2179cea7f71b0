package dev.parley.channel;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what the node keeps of messages in memory, and bounds it: when it is more than it may be, who was used least
 * recently gives up all it has, and then the next. Thread-safe.
 */
final class MemoryBudget {
    /** Beyond the bound so much of it is made free at once, so that not every message looks for who must give. */
    private static final int PART_FREED = 8;

    private final AtomicLong used = new AtomicLong();
    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean settling = new AtomicBoolean();
    private final long most;

    /** Who keeps something in memory, and can do without. */
    interface Holder {
        /** When it last took or gave something, as {@link System#nanoTime}. */
        long usedAt();

        /** In bytes; a thread may see it that does not wait. */
        long weight();

        /** Gives up all that is not waited for just now. It takes its own lock, and no other. */
        void giveUp();
    }

    private record Candidate(Holder holder, long usedAt) {}

    /** @param most bytes */
    MemoryBudget(long most) {
        this.most = most;
    }

    void enter(Holder holder) {
        holders.add(holder);
    }

    void leave(Holder holder) {
        holders.remove(holder);
    }

    void change(long bytes) {
        used.addAndGet(bytes);
    }

    long used() {
        return used.get();
    }

    /** Makes it true again that no more is kept than may be. The caller holds no holder's lock. */
    void settle() {
        while (used.get() > most && settling.compareAndSet(false, true)) {
            boolean freed;
            try {
                freed = free();
            } finally {
                settling.set(false);
            }
            if (!freed) {
                return;
            }
        }
    }

    private boolean free() {
        long before = used.get();
        long wanted = most - most / PART_FREED;
        List<Candidate> candidates = holders.stream()
                .filter(holder -> holder.weight() > 0)
                .map(holder -> new Candidate(holder, holder.usedAt()))
                .sorted(Comparator.comparingLong(Candidate::usedAt))
                .toList();
        for (Candidate candidate : candidates) {
            if (used.get() <= wanted) {
                break;
            }
            candidate.holder().giveUp();
        }
        return used.get() < before;
    }
}
