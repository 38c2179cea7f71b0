package dev.parley.http;

import org.jspecify.annotations.Nullable;

/**
 * Holds back what a request's cursors have until all of them are open, so that it leaves in one piece. Thread-safe.
 */
final class Cork {
    private @Nullable Runnable held;
    private boolean pulled;

    /** Whether the sending is kept back; then {@link #pull} does it. */
    synchronized boolean holds(Runnable sending) {
        if (!pulled) {
            held = sending;
        }
        return !pulled;
    }

    void pull() {
        Runnable sending;
        synchronized (this) {
            pulled = true;
            sending = held;
            held = null;
        }
        if (sending != null) {
            sending.run();
        }
    }
}
