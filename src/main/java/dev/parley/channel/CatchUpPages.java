package dev.parley.channel;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pages of older history that the node keeps for a while, since many who come back stand at the same place. */
final class CatchUpPages implements MemoryBudget.Holder {
    private final TreeMap<Key, CatchUpPage> pages = new TreeMap<>();
    private final long most;
    private final MemoryBudget budget;
    private volatile long usedAt = System.nanoTime();
    private volatile long weight;

    /** @param branch the number of one of the channel's: another one may have other messages at the same offsets */
    record Key(String channel, long branch, long after) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::channel)
                .thenComparingLong(Key::branch)
                .thenComparingLong(Key::after);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        boolean sameBranch(Key other) {
            return channel.equals(other.channel) && branch == other.branch;
        }
    }

    CatchUpPages(long most, MemoryBudget budget) {
        this.most = most;
        this.budget = budget;
        budget.enter(this);
    }

    @Override
    public long usedAt() {
        return usedAt;
    }

    @Override
    public long weight() {
        return weight;
    }

    /** They are read again for who needs them; but one that nobody has seen yet is waited for. */
    @Override
    public synchronized void giveUp() {
        for (Iterator<CatchUpPage> all = pages.values().iterator(); all.hasNext(); ) {
            CatchUpPage page = all.next();
            if (page.isSeen()) {
                all.remove();
                count(-page.weight);
            }
        }
    }

    private synchronized void count(long bytes) {
        budget.change(bytes);
        weight += bytes;
    }

    synchronized Optional<CatchUpPage> find(Key key) {
        usedAt = System.nanoTime();
        Map.Entry<Key, CatchUpPage> floor = pages.floorEntry(key);
        return floor != null
                        && floor.getKey().sameBranch(key)
                        && floor.getValue().serves(key.after())
                ? Optional.of(floor.getValue())
                : Optional.empty();
    }

    synchronized void keep(Key key, CatchUpPage page) {
        CatchUpPage before = pages.put(key, page);
        count(page.weight - (before == null ? 0 : before.weight));
        usedAt = System.nanoTime();
        if (weight > most) {
            removeUnused();
        }
        while (weight > most && pages.size() > 1) {
            // Any but the one that somebody is waiting for at this moment.
            Map.Entry<Key, CatchUpPage> given = pages.firstKey().equals(key) ? pages.lastEntry() : pages.firstEntry();
            pages.remove(given.getKey());
            count(-given.getValue().weight);
        }
    }

    /** Gives up what nobody has used since the last call. */
    synchronized void removeUnused() {
        for (Iterator<CatchUpPage> all = pages.values().iterator(); all.hasNext(); ) {
            CatchUpPage page = all.next();
            if (!page.wasUsed()) {
                all.remove();
                count(-page.weight);
            }
        }
    }
}
