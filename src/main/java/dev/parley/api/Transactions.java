package dev.parley.api;

import dev.parley.protocol.Body;
import dev.parley.protocol.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The database that holds Parley's tables, for a team's own tables beside them, and messages that appear if and only if a
 * transaction commits. Inject it; it is the same on every server.
 *
 * <pre>{@code
 * @Inject Transactions transactions;
 *
 * public void place(Order order) throws SQLException {
 *     transactions.run(connection -> {
 *         insert(connection, order);
 *         transactions.publish("orders.london", Body.json(json(order)));
 *     });
 * }
 * }</pre>
 *
 * <p>On an application server a transaction is one of Jakarta Transactions: {@link #call} joins that of the thread, as one
 * that {@code @Transactional} has begun, or begins one; and {@link #publish(String, Body)} takes part in it without {@link
 * #call}, too. Standalone it is one of the connection's own, of a pool apart from the one that the log uses. A call within a
 * call joins it.
 *
 * <p>A publish does not wait, and nobody else's publish waits for the transaction. The policy, the limits and the filters are
 * asked at once, so that what they refuse is thrown to the caller. The message is of the place and the time at which it
 * comes into the log, just after the commit, also when the process is killed in between: nobody knows its position before.
 * Messages of one transaction keep their order.
 *
 * <p>On an application server the data source must take part in transactions, and where the caller's own tables are in
 * another one, both must be XA. Thread-safe; a transaction is of one thread.
 */
public interface Transactions {
    /**
     * Does the work in the transaction of this thread, or else in one that commits when the work returns. Whatever the work
     * throws, the transaction is rolled back, the one that it has joined too.
     *
     * @param <T> what it comes to
     * @param <E> what it may throw
     * @throws SQLException when there is no connection, or the commit fails
     */
    <T, E extends Exception> T call(Work<? extends T, E> work) throws SQLException, E;

    /** As {@link #call}, of what comes to nothing. */
    <E extends Exception> void run(Action<E> action) throws SQLException, E;

    /** Publishes in the name of the server, in the transaction of this thread. */
    default void publish(String channel, Body body) {
        publish(Identity.SERVER, channel, Optional.empty(), body);
    }

    /**
     * Publishes in the name of a user, in the transaction of this thread.
     *
     * @param key with it the publish may be repeated: the same key of the same user stores one message
     * @throws RefusedException as a publish would be refused; {@code key-reused} where this transaction sees that the key
     *     stands for another message. Of two transactions that use it at once the log takes the message of one, and a warning
     *     tells of the other
     * @throws IllegalStateException when the thread has no transaction, or the data source takes no part in it
     */
    void publish(Identity from, String channel, Optional<String> key, Body body);

    /** Publishes in the name of the server, in the transaction of a connection. */
    default void publish(Connection connection, String channel, Body body) throws SQLException {
        publish(connection, Identity.SERVER, channel, Optional.empty(), body);
    }

    /**
     * Publishes in the name of a user, in the transaction of a connection of the caller's own to Parley's database. The
     * message appears within {@code parley.log.outbox-interval} after the commit, or at once if {@link #committed} is called
     * then.
     *
     * @throws RefusedException as a publish would be refused
     * @throws IllegalStateException when the connection commits each statement
     */
    void publish(Connection connection, Identity from, String channel, Optional<String> key, Body body)
            throws SQLException;

    /** Something published with a connection of the caller's own has been committed. */
    void committed();

    /**
     * What is done in a transaction, and comes to something.
     *
     * @param <T> what that is
     * @param <E> what it may throw, beside what the database does
     */
    @FunctionalInterface
    interface Work<T, E extends Exception> {
        /** @param connection is not to be kept; that it is closed, committed or rolled back is not for the work to do */
        T in(Connection connection) throws SQLException, E;
    }

    /**
     * What is done in a transaction.
     *
     * @param <E> what it may throw, beside what the database does
     */
    @FunctionalInterface
    interface Action<E extends Exception> {
        /** @param connection as in {@link Work} */
        void in(Connection connection) throws SQLException, E;
    }
}
