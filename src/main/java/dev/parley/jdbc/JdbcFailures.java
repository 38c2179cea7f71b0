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
    /** H2's lock time-out and its "row changed meanwhile" have no class of their own. */
    private static final Set<Integer> H2_CONFLICTS = Set.of(50200, 90131);

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

    /** The commit was asked for and failed. Only class 40 says that the transaction was rolled back. */
    static LogException atCommit(SQLException e) {
        return isRolledBack(e)
                ? unavailable(e)
                : new LogException(LogException.Kind.IN_DOUBT, "The commit may have happened: " + e.getMessage(), e);
    }

    static LogException unavailable(Exception e) {
        return new LogException(LogException.Kind.UNAVAILABLE, "The database is not available: " + e.getMessage(), e);
    }

    /** Whether another transaction stood in the way, so that the same work, begun anew, may well succeed. */
    static boolean isConflict(@Nullable Throwable e) {
        return e instanceof SQLException sql && (isRolledBack(sql) || H2_CONFLICTS.contains(sql.getErrorCode()));
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
