package dev.parley.log;

import dev.parley.concurrent.FailureLog;
import dev.parley.concurrent.GuardedTimer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;

/**
 * Trims a log in the background, for as long as it is not closed.
 *
 * <p>One step at a time, each a short transaction. While there is more to do, the steps follow each other with a pause,
 * so that publishers come first; else it looks again after the interval. A step that fails is logged, and the next one
 * comes after the interval: an unavailable database ends nothing.
 */
public final class LogTrimmer implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(LogTrimmer.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);
    private static final String TRIMMING = "The log cannot be trimmed";
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Log log;
    private final RetentionPolicies retentions;
    private final ScheduledExecutorService executor;
    private final Duration interval;
    private final LogTrouble trouble;
    private volatile boolean closed;

    private LogTrimmer(
            Log log,
            RetentionPolicies retentions,
            ScheduledExecutorService executor,
            Duration interval,
            LogTrouble trouble) {
        this.trouble = trouble;
        this.log = log;
        this.retentions = retentions;
        this.executor = executor;
        this.interval = interval;
    }

    /**
     * Begins at once.
     *
     * @param executor is not closed; its threads may block on the log
     * @param interval a second is a good one: H2 counts on a trim within a few
     */
    public static LogTrimmer start(
            Log log, RetentionPolicies retentions, ScheduledExecutorService executor, Duration interval) {
        return start(log, retentions, executor, interval, new LogTrouble());
    }

    /** @param trouble is told, with whoever else runs into it, when the log cannot be trimmed */
    public static LogTrimmer start(
            Log log,
            RetentionPolicies retentions,
            ScheduledExecutorService executor,
            Duration interval,
            LogTrouble trouble) {
        LogTrimmer trimmer = new LogTrimmer(log, retentions, executor, interval, trouble);
        trimmer.schedule(Duration.ZERO);
        return trimmer;
    }

    /** A step that is under way is finished, none follows. */
    @Override
    public void close() {
        closed = true;
    }

    private void step() {
        if (closed) {
            return;
        }
        boolean more = false;
        try {
            more = log.trim(retentions);
            trouble.succeeded(TRIMMING);
        } catch (LogException e) {
            trouble.failed(TRIMMING, e);
        } catch (Throwable e) { // an Error too: the next turn may do better
            FAILURES.failed("The log could not be trimmed; trying again later", e);
        }
        schedule(more ? PAUSE : interval);
    }

    private void schedule(Duration delay) {
        if (closed) {
            return;
        }
        try {
            ScheduledFuture<?> unused = GuardedTimer.after(executor, delay, this::step);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.DEBUG, "The executor was shut down, which ends the trimming", e);
        }
    }
}
