package dev.parley.channel;

/** Entries with contiguous offsets, from {@code first} to {@code last}; none when last is before first. */
interface EntryRange {
    long first();

    long last();

    Entry get(long offset);
}
