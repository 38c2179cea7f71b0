package dev.parley.channel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A range of entries that grows at its end and is given up from its beginning. Not thread-safe. */
final class EntryRing implements EntryRange {
    private static final int SMALLEST = 16;

    private @Nullable Entry[] slots = new @Nullable Entry[SMALLEST];
    private long first;
    private long last;
    private long weight;

    /** Empty, to be continued after an offset. */
    EntryRing(long after) {
        this.first = after + 1;
        this.last = after;
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public long last() {
        return last;
    }

    @Override
    public Entry get(long offset) {
        return Objects.requireNonNull(slots[slot(offset)]);
    }

    int size() {
        return (int) (last - first + 1);
    }

    long weight() {
        return weight;
    }

    void add(Entry entry) {
        if (size() == slots.length) {
            grow();
        }
        last = entry.offset;
        slots[slot(last)] = entry;
        weight += entry.weight();
    }

    Entry removeFirst() {
        Entry entry = get(first);
        slots[slot(first)] = null;
        first++;
        weight -= entry.weight();
        return entry;
    }

    /** Forgets all, to be continued after an offset. */
    void restart(long after) {
        slots = new @Nullable Entry[SMALLEST];
        first = after + 1;
        last = after;
        weight = 0;
    }

    private void grow() {
        @Nullable Entry[] larger = new @Nullable Entry[slots.length * 2];
        for (long offset = first; offset <= last; offset++) {
            larger[(int) (offset & (larger.length - 1))] = slots[slot(offset)];
        }
        slots = larger;
    }

    private int slot(long offset) {
        return (int) (offset & (slots.length - 1));
    }
}
