package dev.parley.channel;

import java.util.List;

/**
 * Older entries of a channel, read once and shared by all cursors within it.
 *
 * @see CatchUpReader
 */
final class CatchUpPage implements EntryRange {
    final String epoch;
    final long after;
    final long weight;
    private final long first;
    private final List<Entry> entries;
    private final BatchCache batches = new BatchCache();
    private volatile boolean used = true;

    /**
     * @param after the offset from which the reading began
     * @param first the offset at which it could begin; where that is beyond {@code after + 1}, what lies between is gone
     */
    CatchUpPage(String epoch, long after, long first, List<Entry> entries) {
        this.epoch = epoch;
        this.after = after;
        this.first = first;
        this.entries = List.copyOf(entries);
        this.weight = entries.stream().mapToLong(Entry::weight).sum();
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public long last() {
        return first + entries.size() - 1;
    }

    @Override
    public Entry get(long offset) {
        return entries.get((int) (offset - first));
    }

    /** Whether it has something to say to a cursor at this offset. */
    boolean serves(long offset) {
        return after <= offset && offset < Math.max(last(), first - 1);
    }

    synchronized ReadResult batch(long offset, Representation representation, BatchLimit limit) {
        used = true;
        return batches.after(this, offset, representation, limit);
    }

    /** Whether it was used since this was last asked. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
