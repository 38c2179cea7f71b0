package dev.parley.frames;

import dev.parley.security.SharedBudget;
import jakarta.websocket.MessageHandler;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How one session takes its messages: whole, in parts as they come, or as a {@link Reader} or {@link InputStream} that is
 * read as they come. Of a stream a bounded part waits; beyond it nothing more is taken, and nothing that follows it before
 * its handler has returned.
 *
 * <p>The hard case: a handler that reads a stream waits for its client, and what the client sends is read by somebody who
 * must not wait for the handler. So the handler is called where it may wait, in the turn of its session, and the reading
 * stops and goes on.
 *
 * <p>Parts are brought by one thread at a time.
 */
final class MessageIntake {
    /** A character of UTF-8 has so many bytes at most, for each of Java's. */
    private static final long BYTES_OF_CHARACTER = 3;

    /** Made when first needed: most sessions take no streams. Nothing is put in here. */
    private static final Queue<Runnable> NONE = new ArrayDeque<>(0);

    private final SessionHandlers handlers;
    private final Told told;
    private volatile @Nullable StreamedMessage<?> stream;
    private final Turns turns;

    /** Guarded by this. */
    private Queue<Runnable> afterwards = NONE;

    // Of the message that is coming; used by who brings it
    private Optional<MessageHandler.Whole<Reader>> reader = Optional.empty();
    private Optional<MessageHandler.Whole<InputStream>> inputStream = Optional.empty();
    private @Nullable StreamedMessage<String> text;
    private @Nullable StreamedMessage<byte[]> bytes;

    /** The endpoint. */
    interface Told {
        void part(String part, boolean last);

        void part(byte[] part, boolean last);

        /** A message for a stream that has come whole. */
        void whole(String text);

        /** A message for a stream that has come whole. */
        void whole(byte[] bytes);

        /** Calls the handler of a stream. */
        void stream(Runnable reading);
    }

    /** When the endpoint is told, and what waits until then. */
    interface Turns {
        /** Of a message, or a part of one. */
        void message(int size, Runnable action);

        /**
         * Where the handler of a stream may wait.
         *
         * @throws RejectedExecutionException when the server stops
         */
        void stream(Runnable reading);

        /** For what waits of streams. */
        SharedBudget.Reservation memory();

        /** There is none. */
        void overloaded();

        /** More can be taken, perhaps. */
        void readOn();
    }

    MessageIntake(SessionHandlers handlers, Told told, Turns turns) {
        this.handlers = handlers;
        this.told = told;
        this.turns = turns;
    }

    /** Of a message that begins. */
    Intake of(boolean isText) {
        if (handlers.isPartial(isText)) {
            reader = Optional.empty();
            inputStream = Optional.empty();
            return Intake.PARTS;
        }
        reader = isText ? handlers.reader() : Optional.empty();
        inputStream = isText ? Optional.empty() : handlers.inputStream();
        return reader.isPresent() || inputStream.isPresent() ? Intake.PARTS : whole(isText);
    }

    private Intake whole(boolean isText) {
        long most = handlers.mostWhole(isText) * (isText ? BYTES_OF_CHARACTER : 1);
        return Intake.whole((int) Math.min(most, Integer.MAX_VALUE));
    }

    /** Whether nothing more can be taken now. */
    boolean isHeld() {
        StreamedMessage<?> current = stream;
        return current != null && current.isHolding();
    }

    /** Whether a handler waits for the rest of a message. */
    boolean isAwaiting() {
        StreamedMessage<?> current = stream;
        return current != null && current.isAwaiting();
    }

    void part(String part, boolean last) {
        StreamedMessage<String> coming = text;
        if (coming == null && reader.isEmpty()) {
            turns.message(part.length(), () -> told.part(part, last));
        } else if (coming == null && last) {
            turns.message(part.length(), () -> told.whole(part));
        } else {
            if (coming == null) {
                coming = StreamedMessage.ofText(reader.get(), turns.memory(), turns::readOn);
                begin(coming);
            }
            text = last ? null : coming;
            add(coming, part, part.length(), last);
        }
    }

    void part(byte[] part, boolean last) {
        StreamedMessage<byte[]> coming = bytes;
        if (coming == null && inputStream.isEmpty()) {
            turns.message(part.length, () -> told.part(part, last));
        } else if (coming == null && last) {
            turns.message(part.length, () -> told.whole(part));
        } else {
            if (coming == null) {
                coming = StreamedMessage.ofBytes(inputStream.get(), turns.memory(), turns::readOn);
                begin(coming);
            }
            bytes = last ? null : coming;
            add(coming, part, part.length, last);
        }
    }

    private <T> void add(StreamedMessage<T> coming, T part, int length, boolean last) {
        if (!coming.add(part, length, last)) {
            turns.overloaded();
        }
    }

    /** What is coming will not come to its end. */
    void cut() {
        StreamedMessage<?> current = stream;
        if (current != null) {
            current.cut();
        }
    }

    /** Nothing of what waits is told any more. */
    void drop() {
        StreamedMessage<?> current = stream;
        if (current != null) {
            current.drop();
        }
    }

    /** Runs when no handler reads a stream: at once where there is none. */
    void afterStream(Runnable action) {
        synchronized (this) {
            if (stream != null) {
                afterwards = afterwards == NONE ? new ArrayDeque<>(2) : afterwards;
                afterwards.add(action);
                return;
            }
        }
        action.run();
    }

    private void begin(StreamedMessage<?> message) {
        stream = message;
        try {
            turns.stream(() -> read(message));
        } catch (RejectedExecutionException e) { // the server stops
            end();
        }
    }

    private void read(StreamedMessage<?> message) {
        try {
            told.stream(message::read);
        } finally {
            end();
        }
    }

    private void end() {
        Queue<Runnable> due;
        synchronized (this) {
            stream = null;
            due = afterwards;
            afterwards = NONE;
        }
        due.forEach(Runnable::run);
        turns.readOn();
    }
}
