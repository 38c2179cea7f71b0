package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Whether a pooler, such as pgbouncer with {@code pool_mode = transaction}, gives each transaction another of
 * PostgreSQL's sessions, so that a statement that was prepared on one is unknown on the next, and its name taken. Then
 * no statement is prepared under a name; where there is no pooler they are, since that makes an append a third faster.
 *
 * <p>It shows by PostgreSQL's process, which is not the one that the connection was told of; or by an error, after which
 * the work is done anew. A threshold that the data source sets itself is left as it is.
 *
 * <p>No type of PostgreSQL's driver stands in a signature or a field: an application server may keep it to itself. Its
 * data source must say {@code prepareThreshold=0} then.
 */
final class TransactionPooling {
    private static final Logger LOGGER = System.getLogger(TransactionPooling.class.getName());
    private static final int USUAL_THRESHOLD = 5;

    private final AtomicBoolean looked = new AtomicBoolean();
    private volatile boolean pooled;

    /** Before anything is done with a connection. */
    void prepare(Connection connection) throws SQLException {
        if (!looked.get()) {
            look(connection);
        }
        if (pooled) {
            apply(connection);
        }
    }

    /** Whether the failure is a pooler's doing and was not known, so that the same may succeed now. */
    boolean isFoundBy(@Nullable Throwable failure) {
        boolean found = !pooled && JdbcFailures.isOfPooler(failure);
        if (found) {
            pooled("by an error");
        }
        return found;
    }

    /** Whether the connection is a pooler's rather than PostgreSQL's, as far as its process tells. */
    static boolean standsBefore(Connection connection) throws SQLException {
        try (Statement ask = connection.createStatement();
                ResultSet row = ask.executeQuery("SELECT pg_backend_pid()")) {
            return !isToldOf(connection, row.next() ? row.getInt(1) : 0);
        }
    }

    private void look(Connection connection) throws SQLException {
        boolean stands = standsBefore(connection);
        boolean first = looked.compareAndSet(false, true);
        if (first && stands) {
            pooled("by its process");
        }
    }

    private void pooled(String how) {
        pooled = true;
        LOGGER.log(
                Level.INFO,
                "A pooler stands before PostgreSQL (seen {0}): statements are not prepared under names from now on",
                how);
    }

    private static boolean isToldOf(Connection connection, int process) {
        try {
            return !connection.isWrapperFor(PGConnection.class)
                    || connection.unwrap(PGConnection.class).getBackendPID() == process;
        } catch (SQLException | RuntimeException | LinkageError e) {
            LOGGER.log(Level.DEBUG, "PostgreSQL's driver cannot be reached", e);
            return true;
        }
    }

    private static void apply(Connection connection) {
        try {
            if (connection.isWrapperFor(PGConnection.class)) {
                PGConnection driver = connection.unwrap(PGConnection.class);
                if (driver.getPrepareThreshold() == USUAL_THRESHOLD) {
                    driver.setPrepareThreshold(0);
                }
            }
        } catch (SQLException | RuntimeException | LinkageError e) {
            LOGGER.log(Level.DEBUG, "PostgreSQL's driver cannot be reached; its data source must set the threshold", e);
        }
    }
}
