package dev.parley.jdbc;

import dev.parley.log.LogException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a database's failure lets one conclude, by its SQLSTATE, whose first two characters are its class (ISO/IEC 9075).
 *
 * <p>Only classes that speak of the data itself count as refused: what is refused is tried again in halves, and a
 * database that is away would be asked many times for nothing.
 */
final class JdbcFailures {
    /** Cardinality, data, integrity, check option, limits; what the driver cannot send (07, 0A). */
    private static final Set<String> OF_THE_DATA = Set.of("07", "0A", "21", "22", "23", "44", "54");

    private static final String ROLLED_BACK = "40";
    private static final String COMPLETION_UNKNOWN = "40003";
    /** PostgreSQL has ended the session, and with it the transaction, since it was silent for too long. */
    private static final String SILENT_FOR_TOO_LONG = "25P03";
    /** H2's "row changed meanwhile" has no class of its own. */
    private static final int H2_CONFLICT = 90131;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    /** H2's lock time-out. */
    private static final int H2_LOCK_TIMEOUT = 50200;

    /** A prepared statement that is unknown, one whose name is taken, a message that does not fit what was prepared. */
    private static final Set<String> OF_POOLERS = Set.of("26000", "42P05", "08P01");

    private JdbcFailures() {}

    /** Before the commit was asked for: whatever the reason, nothing was stored. */
    static LogException beforeCommit(SQLException failure) {
        SQLException e = withoutValues(failure);
        boolean refused = OF_THE_DATA.contains(stateClass(e));
        return refused
                ? new LogException(LogException.Kind.REFUSED, "The database refuses the content: " + e.getMessage(), e)
                : unavailable(e);
    }

    /** The failure of a batch as PostgreSQL's driver tells it quotes all values: people's messages, in our log. */
    private static SQLException withoutValues(SQLException e) {
        return e instanceof BatchUpdateException && e.getCause() instanceof SQLException cause ? cause : e;
    }

    /** The commit was asked for and failed. Only class 40, and a session that is ended, say that it was rolled back. */
    static LogException atCommit(SQLException e) {
        return isRolledBack(e) || SILENT_FOR_TOO_LONG.equals(e.getSQLState())
                ? unavailable(e)
                : new LogException(LogException.Kind.IN_DOUBT, "The commit may have happened: " + e.getMessage(), e);
    }

    static LogException unavailable(Exception e) {
        return new LogException(LogException.Kind.UNAVAILABLE, "The database is not available: " + e.getMessage(), e);
    }

    /** Whether another transaction stood in the way, so that the same work, begun anew, may well succeed. */
    static boolean isConflict(@Nullable Throwable e) {
        return e instanceof SQLException sql && (isRolledBack(sql) || sql.getErrorCode() == H2_CONFLICT);
    }

    /** Whether a lock was waited for in vain: somebody holds it, and may for long. */
    static boolean isHeld(@Nullable Throwable e) {
        return e instanceof SQLException sql
                && (LOCK_NOT_AVAILABLE.equals(sql.getSQLState()) || sql.getErrorCode() == H2_LOCK_TIMEOUT);
    }

    /** Whether a pooler has changed the session under a prepared statement; nothing was done then. */
    static boolean isOfPooler(@Nullable Throwable e) {
        return e instanceof SQLException sql && sql.getSQLState() != null && OF_POOLERS.contains(sql.getSQLState());
    }

    static boolean isDuplicate(SQLException e) {
        return stateClass(e).equals("23");
    }

    private static boolean isRolledBack(SQLException e) {
        return stateClass(e).equals(ROLLED_BACK) && !COMPLETION_UNKNOWN.equals(e.getSQLState());
    }

    private static String stateClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }
}
