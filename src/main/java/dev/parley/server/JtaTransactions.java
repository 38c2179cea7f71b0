package dev.parley.server;

import dev.parley.api.Transactions;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** The transactions of an application server (Jakarta Transactions 2.0, sections 3.2 and 3.7). */
final class JtaTransactions implements ThreadTransactions {
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";
    private static final String USER_TRANSACTION = "java:comp/UserTransaction";

    private final DataSource source;

    JtaTransactions(DataSource source) {
        this.source = source;
    }

    @Override
    public <T, E extends Exception> T call(Transactions.Work<? extends T, E> work) throws SQLException, E {
        TransactionSynchronizationRegistry registry = lookUp(REGISTRY, TransactionSynchronizationRegistry.class);
        if (registry.getTransactionStatus() != Status.STATUS_NO_TRANSACTION) {
            return this.<T, E>join(registry, work);
        }
        UserTransaction transaction = lookUp(USER_TRANSACTION, UserTransaction.class);
        begin(transaction);
        boolean done = false;
        T result;
        try {
            result = this.<T, E>join(registry, work);
            done = true;
        } finally {
            if (!done) {
                rollback(transaction);
            }
        }
        commit(transaction);
        return result;
    }

    private <T, E extends Exception> T join(
            TransactionSynchronizationRegistry registry, Transactions.Work<? extends T, E> work)
            throws SQLException, E {
        boolean done = false;
        try (Connection connection = enlisted()) {
            T result = work.in(LentConnection.of(connection));
            done = true;
            return result;
        } finally {
            if (!done) {
                registry.setRollbackOnly();
            }
        }
    }

    private static void begin(UserTransaction transaction) throws SQLException {
        try {
            transaction.begin();
        } catch (NotSupportedException | SystemException e) {
            throw new SQLException("No transaction can be begun: " + e.getMessage(), e);
        }
    }

    private static void commit(UserTransaction transaction) throws SQLException {
        try {
            transaction.commit();
        } catch (RollbackException | HeuristicRollbackException e) {
            throw new SQLTransactionRollbackException("The transaction is rolled back: " + e.getMessage(), e);
        } catch (HeuristicMixedException | SystemException e) {
            throw new SQLException("The transaction may not be committed: " + e.getMessage(), e);
        }
    }

    private static void rollback(UserTransaction transaction) throws SQLException {
        try {
            transaction.rollback();
        } catch (SystemException e) {
            throw new SQLException("The transaction may not be rolled back: " + e.getMessage(), e);
        }
    }

    @Override
    public void require() {
        if (lookUp(REGISTRY, TransactionSynchronizationRegistry.class).getTransactionStatus()
                == Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException(
                    "This thread has no transaction: publish within Transactions.call, or with Channels.");
        }
    }

    @Override
    public void write(Write write, Runnable committed) throws SQLException {
        try (Connection connection = enlisted()) {
            write.to(connection);
        }
        lookUp(REGISTRY, TransactionSynchronizationRegistry.class)
                .registerInterposedSynchronization(new Synchronization() {
                    @Override
                    public void beforeCompletion() {
                        // nothing of ours is left to be written
                    }

                    @Override
                    public void afterCompletion(int status) {
                        if (status == Status.STATUS_COMMITTED) {
                            committed.run();
                        }
                    }
                });
    }

    private Connection enlisted() throws SQLException {
        Connection connection = source.getConnection();
        if (connection.getAutoCommit()) {
            connection.close();
            throw new IllegalStateException("The data source of Parley takes no part in JTA transactions:"
                    + " what is written would be there even if the transaction is rolled back.");
        }
        return connection;
    }

    @SuppressWarnings("BanJNDI") // the names are the platform's, never a client's
    private static <T> T lookUp(String name, Class<T> type) {
        try {
            return type.cast(new InitialContext().lookup(name));
        } catch (NamingException e) {
            throw new IllegalStateException("The server has no Jakarta Transactions here: " + name, e);
        }
    }
}
