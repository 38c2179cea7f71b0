package dev.parley.channel;

/** What a cursor finds where it stands. */
sealed interface Take permits Batch, Take.Gap {

    /** Why there is no batch. */
    enum Gap implements Take {
        /** The cursor is at the end. */
        NOTHING,
        /** What comes next is older than what is in memory. */
        BEHIND,
        /** The feed has begun a new life. */
        OTHER_EPOCH
    }
}
