package dev.parley.server;

import dev.parley.log.LogException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Waits at the start for a database that is away, as when a whole machine room starts at once. A database that answers,
 * and refuses the user or knows no such database, is not waited for.
 */
public final class StartWait {
    private static final Logger LOGGER = System.getLogger(StartWait.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PROGRESS = Duration.ofSeconds(15);

    /** SQLSTATE's classes: the user is refused; there is no such catalog; the statement is wrong; what H2 says. */
    private static final Set<String> ANSWERS = Set.of("28", "3D", "42", "90");

    private StartWait() {}

    /**
     * Returns when there is a connection to be had.
     *
     * @param waiting is told why, once, where there is none at first
     * @throws LogException when it took too long, or when waiting is of no use
     */
    public static void await(DataSource source, Duration most, Consumer<String> waiting) {
        long begin = System.nanoTime();
        long said = begin;
        @Nullable SQLException failure = attempt(source);
        if (failure != null && most.compareTo(Duration.ZERO) > 0 && !isAnswer(failure)) {
            String reason = reason(failure);
            LOGGER.log(Level.WARNING, "Waiting for the database, for {0} s at most: {1}", most.toSeconds(), reason);
            waiting.accept(reason);
        }
        while (failure != null) {
            long waited = System.nanoTime() - begin;
            if (isAnswer(failure) || waited >= most.toNanos()) {
                throw new LogException(
                        LogException.Kind.UNAVAILABLE,
                        (waited < PAUSE.toNanos() ? "" : "after " + TimeUnit.NANOSECONDS.toSeconds(waited) + " s: ")
                                + reason(failure),
                        withoutCause(failure));
            }
            if (System.nanoTime() - said > PROGRESS.toNanos()) {
                said = System.nanoTime();
                LOGGER.log(
                        Level.INFO,
                        "Still waiting for the database, since {0} s: {1}",
                        TimeUnit.NANOSECONDS.toSeconds(waited),
                        reason(failure));
            }
            pause();
            failure = attempt(source);
        }
        LOGGER.log(Level.DEBUG, "The database is there");
    }

    private static @Nullable SQLException attempt(DataSource source) {
        try (Connection connection = source.getConnection()) {
            return connection.isValid(Math.toIntExact(PAUSE.toSeconds()))
                    ? null
                    : new SQLException("It does not answer", "08006");
        } catch (SQLException e) {
            return e;
        }
    }

    /** A pool wraps what the driver has told. */
    private static boolean isAnswer(SQLException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && ANSWERS.contains(sql.getSQLState()
                            .substring(0, Math.min(2, sql.getSQLState().length())))) {
                return true;
            }
        }
        return false;
    }

    private static String reason(SQLException failure) {
        String reason = String.valueOf(failure.getMessage());
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException && cause.getMessage() != null) {
                reason = cause.getMessage();
            }
        }
        return reason;
    }

    /** So that what is told of it is the reason, and not what a socket said last. */
    private static SQLException withoutCause(SQLException failure) {
        return new SQLException(reason(failure), failure.getSQLState());
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogException(LogException.Kind.UNAVAILABLE, "The wait for the database was interrupted", e);
        }
    }
}
