package dev.parley.frames;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What has come of one connection, until it is read: at once, or when the endpoint can take more. Used by one task at a
 * time; one that comes on another's stack, such as that the connection is lost, leaves the reading to that one.
 */
final class UnreadBytes {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private @Nullable Buffer next;

    /** What comes after it; made when first needed. */
    private @Nullable Queue<Buffer> later;

    private boolean isReading;

    /** @param whenRead is told that the bytes are needed no more */
    private record Buffer(ByteBuffer bytes, Runnable whenRead) {}

    void add(ByteBuffer bytes, Runnable whenRead) {
        Buffer added = new Buffer(bytes, whenRead);
        if (next == null) {
            next = added;
            return;
        }
        Queue<Buffer> queue = later == null ? new ArrayDeque<>() : later;
        queue.add(added);
        later = queue;
    }

    boolean isEmpty() {
        return next == null;
    }

    /**
     * Reads what is there; where nothing is, none, so that it is known who waits for whom.
     *
     * @param reader leaves what it cannot take
     * @param isHeld whether it cannot: who finds out that it can calls again
     * @return false where the reading is left to another
     */
    boolean read(Consumer<ByteBuffer> reader, BooleanSupplier isHeld) {
        if (isReading) {
            return false;
        }
        isReading = true;
        try {
            if (isEmpty()) {
                reader.accept(NOTHING.duplicate());
            }
            readAll(reader, isHeld);
        } finally {
            isReading = false;
        }
        return true;
    }

    private void readAll(Consumer<ByteBuffer> reader, BooleanSupplier isHeld) {
        for (Buffer current = next; current != null; current = next) {
            reader.accept(current.bytes());
            if (!current.bytes().hasRemaining()) {
                next = later == null ? null : later.poll();
                current.whenRead().run();
            } else if (isHeld.getAsBoolean()) {
                return;
            }
        }
    }
}
