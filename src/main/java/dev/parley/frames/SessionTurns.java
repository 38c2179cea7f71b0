package dev.parley.frames;

import dev.parley.concurrent.DrainLoop;
import dev.parley.concurrent.FailureLog;
import dev.parley.security.SharedBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint of one session is told, one thing after the other and in order, on a thread on which it may wait. What
 * waits for a busy endpoint is bounded: beyond it the client's socket is not read, until half of it is done. What whole
 * messages there are beyond that counts as memory that all clients have together; whose session has to go in favour of
 * others loses them.
 *
 * <p>Any thread brings; one at a time is told.
 */
final class SessionTurns {
    private static final FailureLog FAILURES = new FailureLog(System.getLogger(SessionTurns.class.getName()));

    /** Messages that may wait. */
    static final int MOST_MESSAGES = 32;

    /** Bytes that may wait, where it is more than one message. */
    static final int MOST_BYTES = 64 * 1024;

    private static final int ROUNDS = 16;

    /** What a message takes beside its bytes. */
    private static final int OVERHEAD = 128;

    private final SharedBudget.Reservation room;
    private final Runnable overloaded;
    private final DrainLoop loop;
    private volatile @Nullable Thread told;
    /** How often it has become full or ceased to be: odd while it is. */
    private final AtomicLong pauses = new AtomicLong();

    // Guarded by this.
    private final Queue<Turn> turns = new ArrayDeque<>(2);
    private boolean ending;
    private int messages;
    private long bytes;
    private final List<Runnable> reading = new ArrayList<>(1);

    /** @param bytes of a message; empty of what the endpoint must be told in any case */
    private record Turn(Optional<Integer> bytes, Runnable action) {}

    /**
     * @param room for the messages that wait
     * @param overloaded is told, on the bringing thread, that there is none for a message
     */
    SessionTurns(Executor threads, SharedBudget.Reservation room, Runnable overloaded) {
        this.room = room;
        this.overloaded = overloaded;
        this.loop = new DrainLoop(
                this::next, ROUNDS, threads, failure -> FAILURES.failed("The endpoint is told nothing more", failure));
    }

    /** The endpoint is told of a message in its turn, unless it is dropped before. */
    void message(int size, Runnable action) {
        int cost = size + OVERHEAD;
        if (!room.take(cost)) {
            overloaded.run();
            return;
        }
        add(new Turn(Optional.of(cost), action));
    }

    /** The endpoint is told something in its turn, whatever waits. */
    void event(Runnable action) {
        add(new Turn(Optional.empty(), action));
    }

    private void add(Turn turn) {
        synchronized (this) {
            if (ending && turn.bytes().isPresent()) {
                room.give(turn.bytes().get());
                return;
            }
            turns.add(turn);
            turn.bytes().ifPresent(cost -> {
                messages++;
                bytes += cost;
            });
            if (!isFull() && (messages >= MOST_MESSAGES || bytes >= MOST_BYTES)) {
                pauses.incrementAndGet();
            }
        }
        loop.schedule();
    }

    /** Whether as much waits as may: then nothing more is to be read. */
    boolean isFull() {
        return pauses.get() % 2 != 0;
    }

    /** How often it has become full, and ceased to be. */
    long pauses() {
        return pauses.get();
    }

    /** Keeps what makes the client's socket be read again; false where it may be read at once. */
    synchronized boolean isReadLater(Runnable readAgain) {
        boolean later = isFull();
        if (later) {
            reading.add(readAgain);
        }
        return later;
    }

    /** Whether it is the endpoint that is calling. */
    boolean isOnItsThread() {
        return told == Thread.currentThread();
    }

    /** The session ends: no message is told any more, but what else there is. */
    void dropMessages() {
        List<Runnable> readAgain;
        synchronized (this) {
            ending = true;
            turns.removeIf(turn -> turn.bytes().isPresent() && done(turn.bytes().get()));
            readAgain = notFull();
        }
        readAgain.forEach(Runnable::run);
    }

    private boolean next() {
        Turn turn;
        synchronized (this) {
            turn = turns.poll();
        }
        if (turn == null) {
            return false;
        }
        told = Thread.currentThread();
        try {
            turn.action().run();
        } catch (Throwable e) { // of a team's code, whose next message may do better
            FAILURES.failed("An endpoint has failed", e);
        } finally {
            told = null;
            turn.bytes().ifPresent(this::ended);
        }
        return true;
    }

    private void ended(int cost) {
        List<Runnable> readAgain;
        synchronized (this) {
            boolean unused = done(cost);
            readAgain = notFull();
        }
        readAgain.forEach(Runnable::run);
    }

    private synchronized boolean done(int cost) {
        messages--;
        bytes -= cost;
        room.give(cost);
        return true;
    }

    private synchronized List<Runnable> notFull() {
        if (!isFull() || messages > MOST_MESSAGES / 2 || bytes > MOST_BYTES / 2) {
            return List.of();
        }
        pauses.incrementAndGet();
        List<Runnable> readAgain = List.copyOf(reading);
        reading.clear();
        return readAgain;
    }
}
