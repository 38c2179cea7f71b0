package dev.parley.frames;

import dev.parley.security.SharedBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Parts of one message on their way from who reads a socket, and never waits, to who reads the message, and waits for the
 * next. It has a bound that is asked for: who fills it stops when it {@link #isFull} and is told when there is room.
 * What waits in it counts as memory that all clients have together. Thread-safe.
 *
 * @param <T> a part
 */
final class PartQueue<T> {
    /** Bytes, or characters, from which on it is full; one part goes beyond. */
    private static final int FULL = 64 * 1024;

    private final SharedBudget.Reservation memory;
    private final Runnable whenRoom;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock
    private final ArrayDeque<Part<T>> parts = new ArrayDeque<>();
    private int size;
    private boolean ended;
    private boolean cut;
    private boolean abandoned;

    private record Part<T>(T content, int size) {}

    /** @param whenRoom is told, on the reader's thread, when it is full no more */
    PartQueue(SharedBudget.Reservation memory, Runnable whenRoom) {
        this.memory = memory;
        this.whenRoom = whenRoom;
    }

    /** False where there is no memory for it: then it is not added. */
    boolean add(T part, int length, boolean last) {
        lock.lock();
        try {
            if (length > 0 && !abandoned) {
                if (!memory.take(length)) {
                    return false;
                }
                parts.add(new Part<>(part, length));
                size += length;
            }
            ended |= last;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isFull() {
        lock.lock();
        try {
            return size >= FULL;
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is not worth to begin reading it. */
    boolean isLost() {
        lock.lock();
        try {
            return abandoned || (cut && !ended);
        } finally {
            lock.unlock();
        }
    }

    /** The rest will not come: whoever waits for it is told so. */
    void cut() {
        lock.lock();
        try {
            cut = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody will take what is left. */
    void abandon() {
        boolean wasFull;
        lock.lock();
        try {
            wasFull = size >= FULL;
            abandoned = true;
            parts.clear();
            memory.give(size);
            size = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (wasFull) {
            whenRoom.run();
        }
    }

    /**
     * Waits for the next part.
     *
     * @return empty after the last
     * @throws IOException where the session has ended before the message
     */
    Optional<T> take() throws IOException {
        boolean hasRoom;
        Part<T> part;
        lock.lock();
        try {
            part = poll();
            if (part == null) {
                return Optional.empty();
            }
            boolean wasFull = size >= FULL;
            size -= part.size();
            memory.give(part.size());
            hasRoom = wasFull && size < FULL;
        } finally {
            lock.unlock();
        }
        if (hasRoom) {
            whenRoom.run();
        }
        return Optional.of(part.content());
    }

    /** Whether the next read would not wait. */
    boolean isReady() {
        lock.lock();
        try {
            return !parts.isEmpty() || ended || cut;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Part<T> poll() throws IOException {
        try {
            while (parts.isEmpty() && !ended && !cut && !abandoned) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException)
                    new InterruptedIOException("Interrupted while waiting for a message's rest").initCause(e);
        }
        if (abandoned) {
            throw new IOException("The message is closed");
        }
        if (parts.isEmpty() && !ended) {
            throw new IOException("The session has ended before the message");
        }
        return parts.poll();
    }
}
