package dev.parley.frames;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What has come of one connection, until it is read: at once, or when the endpoint can take more. Used by one task at a
 * time; one that comes on another's stack, such as that the connection is lost, leaves the reading to that one.
 */
final class UnreadBytes {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Queue<Buffer> waiting = new ArrayDeque<>(0);
    private boolean isReading;

    /** @param whenRead is told that the bytes are needed no more */
    private record Buffer(ByteBuffer bytes, Runnable whenRead) {}

    void add(ByteBuffer bytes, Runnable whenRead) {
        waiting.add(new Buffer(bytes, whenRead));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
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
            if (waiting.isEmpty()) {
                reader.accept(NOTHING.duplicate());
            }
            readAll(reader, isHeld);
        } finally {
            isReading = false;
        }
        return true;
    }

    private void readAll(Consumer<ByteBuffer> reader, BooleanSupplier isHeld) {
        Buffer next = waiting.peek();
        while (next != null) {
            reader.accept(next.bytes());
            if (!next.bytes().hasRemaining()) {
                waiting.remove();
                next.whenRead().run();
            } else if (isHeld.getAsBoolean()) {
                return;
            }
            next = waiting.peek();
        }
    }
}
