package dev.parley.server;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.log.LogException;
import dev.parley.log.LogTrouble;
import dev.parley.log.WriterStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Knows what a write would find: by the real ones, and where there are none by one of its own every two seconds. What it
 * says is never older than ten: a database that says nothing is one that cannot be written.
 *
 * <p>From time to time it also asks whether the database still keeps what it acknowledges.
 */
final class LogHealth implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(LogHealth.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration FRESH = Duration.ofSeconds(8);
    private static final int TURNS_PER_QUESTION = 3;

    /** What it asks. */
    interface Questions {
        WriterStatus writer();

        /** @throws LogException when a publish would fail now */
        void write();

        /** @throws LogException when the database cannot be asked */
        List<String> shortcomings();
    }

    private final Questions questions;
    private final LogTrouble trouble;
    private final Executor executor;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long lastGood = System.nanoTime();
    private volatile List<String> shortcomings;
    private long batches;
    private int turn;
    private @Nullable ScheduledFuture<?> turns;

    private LogHealth(Questions questions, LogTrouble trouble, Executor executor, List<String> shortcomings) {
        this.questions = questions;
        this.trouble = trouble;
        this.executor = executor;
        this.shortcomings = shortcomings;
    }

    /**
     * Begins at once.
     *
     * @param trouble of the writer, which hears of what is found here too
     * @param executor may be blocked by the database
     * @param shortcomings found at the start
     */
    static LogHealth start(
            Questions questions,
            LogTrouble trouble,
            ScheduledExecutorService timer,
            Executor executor,
            List<String> shortcomings) {
        LogHealth health = new LogHealth(questions, trouble, executor, shortcomings);
        health.turns = GuardedTimer.every(timer, Duration.ZERO, INTERVAL, health::turn);
        return health;
    }

    /** Why a publish would fail now, for an operator; empty when it would not. */
    Optional<String> unwritable() {
        Duration trying = questions.writer().trying();
        if (trying.compareTo(FRESH) > 0) {
            return Optional.of("The database has not answered a write for " + trying.toSeconds() + " s.");
        }
        return trouble.why(LogTrouble.WRITING)
                .map(why -> "The log cannot be written. " + why)
                .or(this::silent);
    }

    /** What the database does not promise, a sentence each; as last known. */
    List<String> shortcomings() {
        return shortcomings;
    }

    @Override
    public void close() {
        if (turns != null) {
            turns.cancel(false);
        }
    }

    private Optional<String> silent() {
        long since = System.nanoTime() - lastGood;
        return since > FRESH.toNanos()
                ? Optional.of("The database has not answered for "
                        + Duration.ofNanos(since).toSeconds() + " s.")
                : Optional.empty();
    }

    private void turn() {
        if (asking.compareAndSet(false, true)) {
            try {
                executor.execute(this::ask);
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.DEBUG, "The executor was shut down, which ends the looking", e);
            } catch (Error e) { // there is no memory for a thread: the next turn may do better
                asking.set(false);
                throw e;
            }
        }
    }

    private void ask() {
        try {
            askToWrite();
            if (turn++ % TURNS_PER_QUESTION == 0) {
                askForShortcomings();
            }
        } finally {
            asking.set(false);
        }
    }

    private void askToWrite() {
        WriterStatus writer = questions.writer();
        boolean written = writer.available() && writer.batches() > batches;
        batches = writer.batches();
        if (written || isWritable()) {
            lastGood = System.nanoTime();
        }
    }

    private boolean isWritable() {
        try {
            questions.write();
            trouble.succeeded(LogTrouble.WRITING);
            return true;
        } catch (LogException e) {
            trouble.failed(LogTrouble.WRITING, e);
            return false;
        }
    }

    private void askForShortcomings() {
        try {
            List<String> found = questions.shortcomings();
            if (!found.equals(shortcomings)) {
                LOGGER.log(
                        found.isEmpty() ? Level.INFO : Level.WARNING,
                        found.isEmpty()
                                ? "The database again promises all that it should"
                                : "The database does not promise all that it should: " + String.join(" ", found));
            }
            shortcomings = found;
        } catch (LogException e) {
            LOGGER.log(Level.DEBUG, "The database cannot be asked what it promises", e);
        }
    }
}
