package dev.parley.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Borrows a connection for one piece of work and tells failures before the commit from failures at the commit.
 *
 * <p>Nothing is remembered about the database from one connection to the next but its kind, so a database that was
 * closed, stopped or restored is found as it now is.
 */
final class JdbcConnections {
    private static final Logger LOG = System.getLogger(JdbcConnections.class.getName());

    /** Work with a connection; whatever it throws rolls the transaction back. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private final DataSource source;
    private final Duration timeout;

    JdbcConnections(DataSource source, Duration timeout) {
        this.source = source;
        this.timeout = timeout;
    }

    /** Each statement sees what is committed when it begins, and is a transaction of its own: no begin, no commit. */
    <T> T read(Work<T> work) {
        try (Connection connection = open(true)) {
            return work.in(connection);
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    /** One transaction, committed when the work returns. */
    <T> T transaction(Work<T> work) {
        Connection connection = openForTransaction();
        boolean committing = false;
        try {
            boolean h2 = isH2(connection);
            T result = work.in(connection);
            committing = true;
            connection.commit();
            if (h2) {
                confirmCommit(connection);
            }
            return result;
        } catch (SQLException e) {
            rollBack(connection);
            throw committing ? JdbcFailures.atCommit(e) : JdbcFailures.beforeCommit(e);
        } catch (RuntimeException | Error e) {
            rollBack(connection);
            throw e;
        } finally {
            giveBack(connection);
        }
    }

    static boolean isH2(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("H2");
    }

    private Connection openForTransaction() {
        try {
            return open(false);
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    private Connection open(boolean autoCommit) throws SQLException {
        Connection connection = source.getConnection();
        try {
            if (connection.getAutoCommit() != autoCommit) {
                connection.setAutoCommit(autoCommit);
            }
            limitWaiting(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            giveBack(connection);
            throw e;
        }
    }

    /**
     * A PostgreSQL that hangs (a machine that went away, a lock that nobody gives back) answers nothing, and its driver
     * waits for ever by default. After this the driver throws, and drops the connection.
     */
    private void limitWaiting(Connection connection) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        } catch (SQLFeatureNotSupportedException e) {
            LOG.log(Level.TRACE, "The driver has no network timeout", e);
        }
    }

    /**
     * H2 2.4 commits without an error and without doing anything when another connection has closed the database a
     * moment before ({@code TransactionStore.commit}: {@code if (!store.isClosed())}). Any statement after it tells.
     */
    private static void confirmCommit(Connection connection) throws SQLException {
        try (PreparedStatement any = connection.prepareStatement("SELECT id FROM parley_channel LIMIT 1")) {
            any.executeQuery().close();
        }
        connection.rollback();
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "A broken connection cannot be rolled back; the database does it", e);
        }
    }

    /** Nothing that fails here changes what became of the work. A pool's connection is given back as it was. */
    private static void giveBack(Connection connection) {
        try (connection) {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "A broken connection cannot be closed", e);
        }
    }
}
