package dev.parley.channel;

/** What a cursor finds where it stands. */
sealed interface ReadResult permits Batch, PendingBatch, ReadResult.Gap {

    /** Why there is no batch. */
    enum Gap implements ReadResult {
        /** The cursor is at the end. */
        NOTHING,
        /** What comes next is older than what is in memory. */
        BEHIND,
        /** What comes next is JSON that is only mentioned, and the reader wants it whole. */
        MENTIONED,
        /** The log has turned out to be another than the cursor has read. */
        OTHER_BRANCH
    }
}
