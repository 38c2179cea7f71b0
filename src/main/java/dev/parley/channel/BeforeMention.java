package dev.parley.channel;

/**
 * The entries before the first whose JSON is only mentioned: where a form wants it whole, what is read ends there, and that
 * one is read by itself.
 */
record BeforeMention(EntryRange all, long last) implements EntryRange {

    /** All, where the form does with mentions or there are none; none, where the next is one. */
    static EntryRange of(EntryRange range, long after, Representation representation) {
        if (representation.wantsWhole()) {
            for (long offset = after + 1; offset <= range.last(); offset++) {
                if (range.get(offset).mentionsJson()) {
                    return new BeforeMention(range, offset - 1);
                }
            }
        }
        return range;
    }

    @Override
    public long first() {
        return all.first();
    }

    @Override
    public Entry get(long offset) {
        return all.get(offset);
    }
}
