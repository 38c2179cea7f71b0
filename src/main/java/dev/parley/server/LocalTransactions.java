package dev.parley.server;

import dev.parley.api.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Transactions of a connection's own, where no application server has any. */
final class LocalTransactions implements ThreadTransactions {
    /** Of all servers in the process; each has at most one. */
    private static final ThreadLocal<@Nullable Current> CURRENT = new ThreadLocal<>();

    private final DataSource source;

    LocalTransactions(DataSource source) {
        this.source = source;
    }

    private static final class Current {
        private final LocalTransactions owner;
        private final Connection connection;
        private final @Nullable Current around;
        private final List<Runnable> committed = new ArrayList<>();
        private boolean failed;

        Current(LocalTransactions owner, Connection connection, @Nullable Current around) {
            this.owner = owner;
            this.connection = connection;
            this.around = around;
        }
    }

    @Override
    public <T, E extends Exception> T call(Transactions.Work<? extends T, E> work) throws SQLException, E {
        Current joined = find();
        if (joined != null) {
            return this.<T, E>join(joined, work);
        }
        Current begun;
        T result;
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            begun = new Current(this, connection, CURRENT.get());
            CURRENT.set(begun);
            try {
                result = this.<T, E>join(begun, work);
            } finally {
                CURRENT.set(begun.around);
                if (begun.failed) {
                    connection.rollback();
                }
            }
            if (begun.failed) {
                throw new SQLTransactionRollbackException("The transaction is rolled back, since a part of it failed.");
            }
            connection.commit();
        }
        begun.committed.forEach(Runnable::run);
        return result;
    }

    private <T, E extends Exception> T join(Current transaction, Transactions.Work<? extends T, E> work)
            throws SQLException, E {
        boolean done = false;
        try {
            T result = work.in(LentConnection.of(transaction.connection));
            done = true;
            return result;
        } finally {
            transaction.failed |= !done;
        }
    }

    @Override
    public void require() {
        Current unused = begun();
    }

    private @Nullable Current find() {
        Current transaction = CURRENT.get();
        while (transaction != null && transaction.owner != this) {
            transaction = transaction.around;
        }
        return transaction;
    }

    private Current begun() {
        Current transaction = find();
        if (transaction == null) {
            throw new IllegalStateException(
                    "This thread has no transaction: publish within Transactions.call, or with Channels.");
        }
        return transaction;
    }

    @Override
    public void write(Write write, Runnable committed) throws SQLException {
        Current transaction = begun();
        write.to(transaction.connection);
        transaction.committed.add(committed);
    }
}
