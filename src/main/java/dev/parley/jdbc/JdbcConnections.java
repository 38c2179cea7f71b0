package dev.parley.jdbc;

import dev.parley.log.LogException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.sql.DataSource;

/**
 * Borrows a connection for one piece of work and tells failures before the commit from failures at the commit.
 *
 * <p>Nothing is remembered about the database from one connection to the next but its kind, so a database that was
 * closed, stopped or restored is found as it now is.
 */
final class JdbcConnections {
    private static final Logger LOGGER = System.getLogger(JdbcConnections.class.getName());

    /** More than a pool usually has connections. */
    private static final int READ_ATTEMPTS = 16;

    /** Work with a connection; whatever it throws rolls the transaction back. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private final ReentrantLock oneAtATime = new ReentrantLock();

    /** Of H2: a commit is alone, and what is read beside it is read under the other one. */
    private final ReentrantReadWriteLock committing = new ReentrantReadWriteLock();

    private final DataSource source;
    private final Duration timeout;
    private final TransactionPooling pooling = new TransactionPooling();

    JdbcConnections(DataSource source, Duration timeout) {
        this.source = source;
        this.timeout = timeout;
    }

    /**
     * Each statement sees what is committed when it begins, and is a transaction of its own: no begin, no commit.
     *
     * <p>H2 shows what a transaction has done before its commit is written. Where the disk is full then, the next opening
     * knows nothing of it; a reader would have been given what never was.
     */
    <T> T read(Work<T> work) {
        return readAsItIs(connection -> {
            if (!isH2(connection)) {
                return work.in(connection);
            }
            committing.readLock().lock();
            try {
                return work.in(connection);
            } finally {
                committing.readLock().unlock();
            }
        });
    }

    /**
     * As {@link #read}, but it holds up no commit and waits for none: of what may take seconds, such as measuring, and may be
     * a little wrong.
     */
    <T> T estimate(Work<T> work) {
        return readAsItIs(work);
    }

    /** Where H2 has closed its file, the next connection opens it anew, when the pool has dropped those that it had. */
    private <T> T readAsItIs(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = open(true)) {
                return work.in(connection);
            } catch (SQLException e) {
                boolean anew = H2File.isGone(e) && attempt < READ_ATTEMPTS;
                if (!anew && !pooling.isFoundBy(e)) {
                    throw JdbcFailures.unavailable(e);
                }
            }
        }
    }

    /** As {@link #read}, and on H2 while no transaction of ours is under way. */
    <T> T alone(Work<T> work) {
        return readAsItIs(connection -> {
            boolean h2 = isH2(connection);
            lock(h2);
            try {
                return work.in(connection);
            } finally {
                unlock(h2);
            }
        });
    }

    /** One transaction that may wait its turn, committed when the work returns. */
    <T> T transaction(Work<T> work) {
        return transaction(TransactionLimits.CHORE, work);
    }

    /** @param limits where the database is PostgreSQL */
    <T> T transaction(TransactionLimits limits, Work<T> work) {
        return again(Optional.of(limits), work);
    }

    /** The same, whose first statement says its limits along with what it does. */
    <T> T transactionThatLimitsItself(Work<T> work) {
        return again(Optional.empty(), work);
    }

    private <T> T again(Optional<TransactionLimits> limits, Work<T> work) {
        try {
            return once(limits, work);
        } catch (LogException e) {
            if (e.kind() != LogException.Kind.IN_DOUBT && pooling.isFoundBy(e.getCause())) {
                return once(limits, work);
            }
            throw e;
        }
    }

    private <T> T once(Optional<TransactionLimits> limits, Work<T> work) {
        Connection connection;
        String product;
        try {
            connection = open(false);
            product = connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
        return switch (product) {
            case "H2" -> inH2(connection, work);
            case "PostgreSQL" -> inAny(connection, within(limits, work));
            default -> inAny(connection, work);
        };
    }

    private static <T> Work<T> within(Optional<TransactionLimits> limits, Work<T> work) {
        return connection -> {
            if (limits.isPresent()) {
                limits.get().set(connection);
            }
            return work.in(connection);
        };
    }

    private static <T> T inAny(Connection connection, Work<T> work) {
        boolean atCommit = false;
        boolean ended = false;
        try {
            T result = work.in(connection);
            atCommit = true;
            commit(connection);
            ended = true;
            return result;
        } catch (SQLException e) {
            throw atCommit ? JdbcFailures.atCommit(e) : JdbcFailures.beforeCommit(e);
        } finally {
            giveBack(connection, ended || rollBack(connection));
        }
    }

    /**
     * PostgreSQL may say yes with a warning: "The transaction has already committed locally, but might not have been
     * replicated to the standby" (01000), after its waiting for the standby was cancelled. The driver hands it to the
     * connection.
     */
    private static void commit(Connection connection) throws SQLException {
        connection.clearWarnings();
        connection.commit();
        for (SQLWarning told = connection.getWarnings(); told != null; told = told.getNextWarning()) {
            // What a session that is set to tell more than warnings is told besides is of class 00
            if (told.getSQLState() == null || !told.getSQLState().startsWith("00")) {
                throw new SQLException(told.getMessage(), told.getSQLState(), told);
            }
        }
    }

    /**
     * One at a time: when a commit fails for want of space H2 closes its store, and a statement in the middle of another
     * transaction could then spin for ever; see {@link H2Session}.
     */
    private <T> T inH2(Connection connection, Work<T> work) {
        H2Session session = H2Session.of(connection);
        boolean atCommit = false;
        boolean ended = false;
        boolean gone = false;
        lock(true);
        try {
            T result = work.in(connection);
            atCommit = true;
            commitAlone(connection);
            ended = true;
            return result;
        } catch (SQLException e) {
            gone = H2File.isGone(e);
            throw atCommit ? JdbcFailures.atCommit(e) : JdbcFailures.beforeCommit(e);
        } finally {
            giveBack(connection, ended || session.rollBack(connection, gone));
            unlock(true);
        }
    }

    private void lock(boolean h2) {
        if (h2) {
            oneAtATime.lock();
        }
    }

    private void unlock(boolean h2) {
        if (h2) {
            oneAtATime.unlock();
        }
    }

    static boolean isH2(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("H2");
    }

    static boolean isPostgres(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    }

    private Connection open(boolean autoCommit) throws SQLException {
        Connection connection = source.getConnection();
        try {
            if (connection.getAutoCommit() != autoCommit) {
                connection.setAutoCommit(autoCommit);
            }
            limitWaiting(connection);
            if (isPostgres(connection)) {
                pooling.prepare(connection);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            giveBack(connection, false);
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
            LOGGER.log(Level.TRACE, "The driver has no network timeout", e);
        }
    }

    private void commitAlone(Connection connection) throws SQLException {
        committing.writeLock().lock();
        try {
            connection.commit();
            confirmCommit(connection);
        } finally {
            committing.writeLock().unlock();
        }
    }

    /**
     * H2 2.4 commits without an error and without doing anything when another connection has closed the database a
     * moment before ({@code TransactionStore.commit}: {@code if (!store.isClosed())}). Any statement after it tells. It
     * is ended by a commit, since a rollback would have H2 forget every statement that it has parsed on this session.
     */
    private static void confirmCommit(Connection connection) throws SQLException {
        try (PreparedStatement any = connection.prepareStatement("SELECT id FROM parley_channel LIMIT 1")) {
            any.executeQuery().close();
        }
        connection.commit();
    }

    private static boolean rollBack(Connection connection) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "A broken connection cannot be rolled back; the database does it", e);
            return false;
        }
    }

    /**
     * Nothing that fails here changes what became of the work.
     *
     * @param ended whether the transaction was committed or rolled back; if not, to turn automatic commits on again would
     *     commit the half of it
     */
    private static void giveBack(Connection connection, boolean ended) {
        try (connection) {
            if (ended) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "A broken connection cannot be closed", e);
        }
    }
}
