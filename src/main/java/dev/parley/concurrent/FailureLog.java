package dev.parley.concurrent;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where code that serves others says what it goes on after. Of each kind (what was done, and the class of what was
 * thrown) the first is logged with its stack trace, and then one a minute at most, with how many came between: a listener
 * that fails on every message, or a client that provokes it, would else write more than the log of the messages. Throws
 * nothing. Thread-safe.
 */
public final class FailureLog {
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);
    private static final int KINDS = 64;

    private static final int OF_EACH = 30;

    private final System.Logger logger;
    private final System.Logger.Level level;
    private final int atOnce;
    private final LongSupplier nanos;

    // Guarded by this.
    private final Map<Kind, Told> told = new HashMap<>();

    private record Kind(String what, Class<?> thrown, String place) {}

    private static final class Told {
        long at;
        int times;
        long since;
    }

    public FailureLog(System.Logger logger) {
        this(logger, System.Logger.Level.ERROR, 1, System::nanoTime);
    }

    /**
     * Of failures of which each is of somebody's session or request: thirty of a kind a minute, and where they were thrown
     * belongs to the kind, so that no fault hides another.
     */
    public static FailureLog ofEach(System.Logger logger, System.Logger.Level level) {
        return new FailureLog(logger, level, OF_EACH, System::nanoTime);
    }

    /**
     * @param atOnce so many of a kind are logged in a minute
     * @param nanos as {@link System#nanoTime}
     */
    FailureLog(System.Logger logger, System.Logger.Level level, int atOnce, LongSupplier nanos) {
        this.logger = logger;
        this.level = level;
        this.atOnce = atOnce;
        this.nanos = nanos;
    }

    /** @param what failed, a sentence without names: each is a kind */
    public void failed(String what, Throwable failure) {
        failed(what, what, failure);
    }

    /**
     * @param kind to which it belongs
     * @param what failed, a sentence that may have names
     */
    public void failed(String kind, String what, Throwable failure) {
        try {
            long before = silent(new Kind(kind, failure.getClass(), atOnce == 1 ? "" : place(failure)));
            if (before >= 0) {
                String more = before == 0 ? "" : " (" + before + " times more since this was last said)";
                logger.log(level, what + more, failure);
            }
        } catch (Throwable e) { // no memory is left to say so
            return;
        }
    }

    private static String place(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "" : trace[0].toString();
    }

    /** How many of the kind were not told since one was; negative when this one is not either. */
    private synchronized long silent(Kind kind) {
        long now = nanos.getAsLong();
        Told last = told.get(kind);
        if (last == null) {
            if (told.size() == KINDS) {
                told.clear();
            }
            last = new Told();
            told.put(kind, last);
        } else if (now - last.at < PAUSE) {
            boolean few = last.times < atOnce;
            last.times += few ? 1 : 0;
            last.since += few ? 0 : 1;
            return few ? 0 : -1;
        }
        long before = last.since;
        last.at = now;
        last.times = 1;
        last.since = 0;
        return before;
    }
}
