package dev.parley.concurrent;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where a loop that serves others says what it goes on after. Of each kind (what was done, and the class of what was
 * thrown) the first is logged with its stack trace, and then one a minute at most, with how many came between: a listener
 * that fails on every message would else write more than the log of the messages. Throws nothing. Thread-safe.
 */
public final class FailureLog {
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);
    private static final int KINDS = 64;

    private final System.Logger logger;
    private final LongSupplier nanos;

    // Guarded by this.
    private final Map<Kind, Told> told = new HashMap<>();

    private record Kind(String what, Class<?> thrown) {}

    private static final class Told {
        long at;
        long since;
    }

    public FailureLog(System.Logger logger) {
        this(logger, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    FailureLog(System.Logger logger, LongSupplier nanos) {
        this.logger = logger;
        this.nanos = nanos;
    }

    /** @param what failed, a sentence without names: each is a kind */
    public void failed(String what, Throwable failure) {
        try {
            long before = silent(new Kind(what, failure.getClass()));
            if (before >= 0) {
                String more = before == 0 ? "" : " (" + before + " times more since this was last said)";
                logger.log(System.Logger.Level.ERROR, what + more, failure);
            }
        } catch (Throwable e) { // no memory is left to say so
            return;
        }
    }

    /** How many of the kind were not told since one was; negative when this one is not either. */
    private synchronized long silent(Kind kind) {
        long now = nanos.getAsLong();
        Told last = told.get(kind);
        if (last != null && now - last.at < PAUSE) {
            last.since++;
            return -1;
        }
        if (last == null) {
            if (told.size() == KINDS) {
                told.clear();
            }
            last = new Told();
            told.put(kind, last);
        }
        long before = last.since;
        last.at = now;
        last.since = 0;
        return before;
    }
}
