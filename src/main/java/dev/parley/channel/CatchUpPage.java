package dev.parley.channel;

import java.util.List;

/**
 * Older entries of a channel, read once and shared by all cursors within it.
 *
 * @see CatchUpReader
 */
final class CatchUpPage implements EntryRange {
    /** Several entries, and as much again of batches of them. */
    private static final int COPIES = 2;

    final long after;
    final long weight;
    private final long first;
    private final List<Entry> entries;
    private final BatchCache batches = new BatchCache();
    private volatile boolean used = true;
    private volatile boolean seen;

    /**
     * @param after the offset from which the reading began
     * @param first the offset at which it could begin; where that is beyond {@code after + 1}, what lies between is gone
     */
    CatchUpPage(long after, long first, List<Entry> entries) {
        this.after = after;
        this.first = first;
        this.entries = List.copyOf(entries);
        long all = entries.stream().mapToLong(Entry::weight).sum();
        this.weight = entries.size() > 1 ? COPIES * all : all;
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

    /** What follows the offset; {@link ReadResult.Gap#MENTIONED} where that is for another page to tell. */
    synchronized ReadResult batch(long offset, Representation representation, BatchLimit limit) {
        see();
        EntryRange readable = BeforeMention.of(this, offset, representation);
        return readable.last() == offset
                ? ReadResult.Gap.MENTIONED
                : batches.after(readable, offset, representation, limit);
    }

    /** The same, whatever is only mentioned: what could be read of it has been. */
    synchronized ReadResult batchAsItIs(long offset, Representation representation, BatchLimit limit) {
        see();
        return batches.after(this, offset, representation, limit);
    }

    private void see() {
        used = true;
        seen = true;
    }

    /** Whether anybody has read it. */
    boolean isSeen() {
        return seen;
    }

    /** Whether it was used since this was last asked. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
