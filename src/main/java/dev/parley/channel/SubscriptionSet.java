package dev.parley.channel;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who reads a channel, in the order in which they came. What a connection is made of lies together in memory, and those
 * of one time beside each other: to go through thousands in the order of a hash would miss the processor's caches at each.
 * Thread-safe.
 */
final class SubscriptionSet {
    private final Set<Subscription> all = new LinkedHashSet<>();

    /** What {@link #all} holds; null when that has changed, until somebody asks. */
    private volatile Subscription @Nullable [] known;

    /** False when it is there already. */
    synchronized boolean add(Subscription subscription) {
        known = null;
        return all.add(subscription);
    }

    /** False when it is not there. */
    synchronized boolean remove(Subscription subscription) {
        known = null;
        return all.remove(subscription);
    }

    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    /** Those of this moment; not to be changed. */
    Subscription[] now() {
        Subscription[] now = known;
        return now == null ? look() : now;
    }

    private synchronized Subscription[] look() {
        Subscription[] now = all.toArray(Subscription[]::new);
        known = now;
        return now;
    }
}
