package dev.parley.frames;

import dev.parley.security.SharedBudget;
import jakarta.websocket.MessageHandler;
import java.io.InputStream;
import java.io.Reader;
import java.util.function.Consumer;

/**
 * A message that its handler reads as it comes, on a thread on which it may wait for the rest. Thread-safe.
 *
 * @param <T> a part
 */
final class StreamedMessage<T> {
    private final PartQueue<T> parts;
    private final Consumer<PartQueue<T>> handler;

    private StreamedMessage(Consumer<PartQueue<T>> handler, SharedBudget.Reservation memory, Runnable whenRoom) {
        this.parts = new PartQueue<>(memory, whenRoom);
        this.handler = handler;
    }

    /** @param whenRoom is told when it holds up what comes no more */
    static StreamedMessage<String> ofText(
            MessageHandler.Whole<Reader> handler, SharedBudget.Reservation memory, Runnable whenRoom) {
        return new StreamedMessage<>(parts -> handler.onMessage(new PartReader(parts)), memory, whenRoom);
    }

    /** @param whenRoom is told when it holds up what comes no more */
    static StreamedMessage<byte[]> ofBytes(
            MessageHandler.Whole<InputStream> handler, SharedBudget.Reservation memory, Runnable whenRoom) {
        return new StreamedMessage<>(parts -> handler.onMessage(new PartInputStream(parts)), memory, whenRoom);
    }

    /** Whatever its handler throws comes out of here. It is not called for what will not come whole, as far as is known. */
    void read() {
        try {
            if (!parts.isLost()) {
                handler.accept(parts);
            }
        } finally {
            parts.abandon();
        }
    }

    /** False where there is no memory for it. */
    boolean add(T part, int length, boolean last) {
        return parts.add(part, length, last);
    }

    /** Whether as much of it waits as may, or nothing more may be told before its handler has returned. */
    boolean isHolding() {
        return parts.isFull() || parts.isEnded();
    }

    boolean isAwaiting() {
        return !parts.isEnded();
    }

    /** The rest will not come. */
    void cut() {
        parts.cut();
    }

    /** Nothing of it is told any more. */
    void drop() {
        parts.abandon();
    }
}
