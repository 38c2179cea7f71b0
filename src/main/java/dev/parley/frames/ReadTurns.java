package dev.parley.frames;

import org.jspecify.annotations.Nullable;

/**
 * When a client's bytes are read: by which thread just now, when last, and what is to be sent once they are. What they
 * bring about on the reading thread then leaves together. One thread reads at a time; any may ask.
 */
final class ReadTurns {
    private volatile @Nullable Thread reader;

    /** Used by the reader alone. */
    private @Nullable Runnable later;

    private volatile long heardAt = System.nanoTime();

    /** Bytes of the client have come. What they bring about on this thread is sent when all of them are read. */
    void reading(Runnable read) {
        heardAt = System.nanoTime();
        reader = Thread.currentThread();
        try {
            read.run();
        } finally {
            reader = null;
            sendNow();
        }
    }

    /** What was to be sent later, such as before an answer to what the client sent behind that. */
    void sendNow() {
        Runnable due = later;
        later = null;
        if (due != null) {
            due.run();
        }
    }

    /** Remembers it, where the client's bytes are being read on this thread. */
    boolean isSendingLater(Runnable sending) {
        boolean reading = reader == Thread.currentThread();
        if (reading) {
            later = sending;
        }
        return reading;
    }

    /** When bytes of the client last came, as {@link System#nanoTime}. */
    long heardAt() {
        return heardAt;
    }

    /** When bytes of the client last came, as {@link System#nanoTime}, if that is later than is known. */
    long heardAt(long known) {
        long heard = heardAt;
        return heard - known > 0 ? heard : known;
    }
}
