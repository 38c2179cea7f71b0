package dev.parley.concurrent;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns at large work, which must leave the processors to small work: no more than so many go on at once, and of those
 * that wait, one of each holder comes next, whoever has how many (deficit round robin of RFC 8290, with a piece for the
 * quantum). Whoever asks while nobody waits is served at once.
 *
 * <p>The hard case: one client sends ten megabytes on fifty connections, another one kilobyte; the kilobyte waits for one
 * piece of the first and not for fifty.
 *
 * <p>A turn ends with its piece, or before, at {@link #letGo}, when the rest may wait for something: whoever waits must not
 * keep a turn. Thread-safe.
 *
 * @param <H> whose work it is
 */
public final class FairTurns<H> {
    private static final FailureLog FAILURES = new FailureLog(System.getLogger(FairTurns.class.getName()));
    private static final ThreadLocal<@Nullable Turn> CURRENT = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable ArrayDeque<FairTurns<?>>> ENDED = new ThreadLocal<>();

    private final int most;

    // Guarded by this.
    private final Map<H, ArrayDeque<Consumer<Turn>>> waiting = new LinkedHashMap<>();
    private int underWay;

    /** @param most at once */
    public FairTurns(int most) {
        this.most = most;
    }

    /** Half of the processors' worth of turns. */
    public static <H> FairTurns<H> ofHalfTheProcessors() {
        return new FairTurns<>(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** The right to be at work. */
    public static final class Turn {
        private final Runnable next;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Turn(Runnable next) {
            this.next = next;
        }

        /** Somebody else's turn comes. However often it is called, it counts once. */
        public void end() {
            if (!ended.getAndSet(true)) {
                next.run();
            }
        }
    }

    /**
     * Does a piece of work when its turn has come, on the executor.
     *
     * @throws RejectedExecutionException where the executor takes nothing any more, and its turn has come at once
     */
    public void execute(H holder, Executor executor, Runnable piece) {
        take(holder, turn -> executor.execute(() -> run(turn, piece)));
    }

    /**
     * Begins something when its turn has come, on the thread of whoever ends the turn before, or on this; whoever begins
     * it ends its turn. What cannot be begun since an executor is shut down has none.
     */
    public void take(H holder, Consumer<Turn> begin) {
        synchronized (this) {
            if (underWay == most) {
                waiting.computeIfAbsent(holder, unknown -> new ArrayDeque<>(2)).add(begin);
                return;
            }
            underWay++;
        }
        Turn turn = new Turn(this::next);
        try {
            begin.accept(turn);
        } catch (RuntimeException | Error e) {
            turn.end();
            throw e;
        }
    }

    /** The rest of what this thread is doing is small, or may wait: it needs no turn. */
    public static void letGo() {
        Turn turn = CURRENT.get();
        if (turn != null) {
            turn.end();
        }
    }

    private static void run(Turn turn, Runnable piece) {
        CURRENT.set(turn);
        try {
            piece.run();
        } finally {
            CURRENT.remove();
            turn.end();
        }
    }

    /** A turn that ends while another is just begun on this thread is followed after that, and not on the same stack. */
    private void next() {
        ArrayDeque<FairTurns<?>> later = ENDED.get();
        if (later != null) {
            later.add(this);
            return;
        }
        later = new ArrayDeque<>(1);
        ENDED.set(later);
        try {
            for (FairTurns<?> due = this; due != null; due = later.poll()) {
                due.beginNext();
            }
        } finally {
            ENDED.remove();
        }
    }

    private void beginNext() {
        Consumer<Turn> begin = poll();
        while (begin != null && !isBegun(begin)) {
            begin = poll();
        }
    }

    private boolean isBegun(Consumer<Turn> begin) {
        Turn turn = new Turn(this::next);
        try {
            begin.accept(turn);
            return true;
        } catch (RejectedExecutionException e) { // the server stops
            return turn.ended.getAndSet(true);
        } catch (RuntimeException | Error e) { // perhaps there is no memory for a thread
            FAILURES.failed("A turn could not begin", e);
            return turn.ended.getAndSet(true);
        }
    }

    /** Of the holder whose last turn is longest ago; it goes to the end of the line. */
    private synchronized @Nullable Consumer<Turn> poll() {
        Iterator<Map.Entry<H, ArrayDeque<Consumer<Turn>>>> line =
                waiting.entrySet().iterator();
        if (!line.hasNext()) {
            underWay--;
            return null;
        }
        Map.Entry<H, ArrayDeque<Consumer<Turn>>> first = line.next();
        H holder = first.getKey();
        ArrayDeque<Consumer<Turn>> pieces = first.getValue();
        line.remove();
        Consumer<Turn> piece = pieces.remove();
        if (!pieces.isEmpty()) {
            waiting.put(holder, pieces);
        }
        return piece;
    }
}
