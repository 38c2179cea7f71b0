package dev.parley.channel;

import java.util.ArrayList;
import java.util.List;

/** Some entries that follow each other, taken out of where they are kept; one at least. */
record EntryRun(List<Entry> entries) implements EntryRange {
    private static final int MOST = 256;

    /** What follows the offset, about as much as fits into a batch. The caller has seen that there is something. */
    static EntryRun of(EntryRange range, long after, BatchLimit limit) {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        for (long offset = after + 1;
                offset <= range.last() && entries.size() < Math.min(MOST, limit.count()) && bytes < limit.bytes();
                offset++) {
            Entry entry = range.get(offset);
            entries.add(entry);
            bytes += entry.weight() / 2; // it counts the body twice
        }
        return new EntryRun(entries);
    }

    /** About what they come to in a batch, in bytes. */
    long size() {
        return entries.stream().mapToLong(entry -> entry.weight() / 2).sum();
    }

    @Override
    public long first() {
        return entries.get(0).offset;
    }

    @Override
    public long last() {
        return first() + entries.size() - 1;
    }

    @Override
    public Entry get(long offset) {
        return entries.get((int) (offset - first()));
    }
}
