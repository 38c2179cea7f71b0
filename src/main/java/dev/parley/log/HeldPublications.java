package dev.parley.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits for channels that somebody holds, each channel's in order: what is published there meanwhile goes behind, so
 * that nothing overtakes. All of a channel is tried again now and then, and given up together when none of it could be
 * stored for too long. Used under the writer's lock.
 */
final class HeldPublications {
    /**
     * When to try again, and when to give up.
     *
     * @param pause between two attempts
     * @param patience after which a channel's publications are refused, to be repeated by whoever published them
     */
    record Pace(Duration pause, Duration patience) {
        /** PostgreSQL ends the session of a node that was stopped after some seconds; see {@code TransactionLimits}. */
        static final Pace DEFAULT = new Pace(Duration.ofMillis(100), Duration.ofSeconds(10));
    }

    private static final class Waiting {
        final ArrayDeque<QueuedPublication> publications = new ArrayDeque<>();
        long since = System.nanoTime();
        boolean tried;
    }

    private final Pace pace;
    private final Map<String, Waiting> channels = new LinkedHashMap<>();
    private int count;
    private long bytes;
    private long due = System.nanoTime();

    HeldPublications(Pace pace) {
        this.pace = pace;
    }

    boolean isEmpty() {
        return channels.isEmpty();
    }

    boolean holds(String channel) {
        return channels.containsKey(channel);
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    /** Behind what waits for its channel, which is held. */
    void add(QueuedPublication publication) {
        waiting(publication).publications.add(publication);
        counted(publication, 1);
    }

    /** These, in their order, were tried and are still held: before what waits for their channels, whose turn comes last. */
    void putBack(List<QueuedPublication> tried) {
        for (int i = tried.size() - 1; i >= 0; i--) {
            Waiting waiting = waiting(tried.get(i));
            waiting.tried = false;
            waiting.publications.addFirst(tried.get(i));
            channels.remove(tried.get(i).publication().channel());
            channels.put(tried.get(i).publication().channel(), waiting);
            counted(tried.get(i), 1);
        }
        if (!tried.isEmpty()) {
            due = System.nanoTime() + pace.pause().toNanos();
        }
    }

    /** Until it is time to try; zero or less when it is. */
    long nanosUntilDue() {
        return due - System.nanoTime();
    }

    /**
     * What to try now, of each channel the first: no more in all than a batch. A channel stays held until
     * {@link #release}, so that nothing overtakes what is tried.
     */
    List<QueuedPublication> take(WriterLimits limits) {
        List<QueuedPublication> batch = new ArrayList<>();
        long size = 0;
        for (Waiting waiting : channels.values()) {
            QueuedPublication next = waiting.publications.peek();
            while (next != null
                    && batch.size() < limits.batchMessages()
                    && (batch.isEmpty() || size + next.bytes() <= limits.batchBytes())) {
                size += next.bytes();
                counted(next, -1);
                waiting.tried = true;
                batch.add(waiting.publications.remove());
                next = waiting.publications.peek();
            }
        }
        return batch;
    }

    /** Forgets the channels of which nothing waits any more; what waits behind what was stored begins to wait. */
    void release() {
        for (Waiting waiting : channels.values()) {
            if (waiting.tried) {
                waiting.tried = false;
                waiting.since = System.nanoTime();
            }
        }
        channels.values().removeIf(waiting -> waiting.publications.isEmpty());
    }

    /** All that waits for channels for which it was waited too long. */
    List<QueuedPublication> takeOverdue() {
        List<QueuedPublication> overdue = new ArrayList<>();
        for (Iterator<Waiting> each = channels.values().iterator(); each.hasNext(); ) {
            Waiting waiting = each.next();
            if (System.nanoTime() - waiting.since > pace.patience().toNanos()) {
                waiting.publications.forEach(publication -> counted(publication, -1));
                overdue.addAll(waiting.publications);
                each.remove();
            }
        }
        return overdue;
    }

    List<QueuedPublication> takeAll() {
        List<QueuedPublication> all = new ArrayList<>(count);
        channels.values().forEach(waiting -> all.addAll(waiting.publications));
        channels.clear();
        count = 0;
        bytes = 0;
        return all;
    }

    private Waiting waiting(QueuedPublication publication) {
        return channels.computeIfAbsent(publication.publication().channel(), channel -> new Waiting());
    }

    private void counted(QueuedPublication publication, int by) {
        count += by;
        bytes += by * publication.bytes();
    }
}
