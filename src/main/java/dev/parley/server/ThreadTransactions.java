package dev.parley.server;

import dev.parley.api.Transactions;
import java.sql.Connection;
import java.sql.SQLException;

/** The transactions of threads, whoever has them. */
interface ThreadTransactions {
    /** As {@link Transactions#call}. */
    <T, E extends Exception> T call(Transactions.Work<? extends T, E> work) throws SQLException, E;

    /** @throws IllegalStateException when this thread has no transaction */
    void require();

    /**
     * Writes in the transaction of this thread.
     *
     * @param committed is called when it has been committed, and not if it is rolled back
     */
    void write(Write write, Runnable committed) throws SQLException;

    /** What is written. */
    @FunctionalInterface
    interface Write {
        void to(Connection connection) throws SQLException;
    }
}
