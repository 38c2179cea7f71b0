package dev.parley.server;

import dev.parley.channel.Channels;
import dev.parley.jdbc.JdbcOutbox;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Publishes in a transaction: the message appears if and only if that transaction commits, and nobody else's publish
 * waits for it. Inject it.
 *
 * <pre>{@code
 * @Inject TransactionalPublishing publishing;
 *
 * @Transactional
 * public void place(Order order) {
 *     entities.persist(order);
 *     publishing.publish("orders.london", new Body.Json(json(order)));
 * }
 * }</pre>
 *
 * <p>The policy, the limits and the filters are asked at once, so that what they refuse is thrown to the caller. The
 * message is of the place and the time at which it comes into the log, just after the commit: nobody knows its position
 * before. Messages of one transaction keep their order.
 *
 * <p>It needs the database that holds Parley's tables: on an application server its data source must take part in JTA
 * transactions, and where the caller's own tables are in another one, both must be XA.
 */
public final class TransactionalPublishing {
    private final Channels channels;
    private final JdbcOutbox outbox;
    private final DataSource source;
    private final Runnable committed;

    /** @param committed is called after a commit that this node knows of */
    TransactionalPublishing(Channels channels, JdbcOutbox outbox, DataSource source, Runnable committed) {
        this.channels = channels;
        this.outbox = outbox;
        this.source = source;
        this.committed = committed;
    }

    /** Publishes in the name of the server, in the JTA transaction of this thread. */
    public void publish(String channel, Body body) {
        publish(Identity.SERVER, channel, Optional.empty(), body);
    }

    /**
     * Publishes in the name of a user, in the JTA transaction of this thread.
     *
     * @param key with it the publish may be repeated: the same key of the same user stores one message
     * @throws RefusedException as a publish would be refused; {@code unavailable} when the database does not take it
     * @throws IllegalStateException when the thread has no transaction, or the data source takes no part in it
     */
    public void publish(Identity from, String channel, Optional<String> key, Body body) {
        JtaTransaction transaction = JtaTransaction.current();
        Publication publication = channels.admitDurable(from, channel, key, body);
        try (Connection connection = source.getConnection()) {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException("The data source of Parley takes no part in JTA transactions:"
                        + " what is published would be there even if the transaction is rolled back.");
            }
            outbox.put(connection, publication);
        } catch (SQLException e) {
            throw new IllegalStateException("The outbox cannot be written: " + e.getMessage(), e);
        }
        transaction.afterCommit(committed);
    }

    /** Publishes in the name of the server, in the transaction of a connection. */
    public void publish(Connection connection, String channel, Body body) throws SQLException {
        publish(connection, Identity.SERVER, channel, Optional.empty(), body);
    }

    /**
     * Publishes in the name of a user, in the transaction of a connection to Parley's database, for who has no JTA. The
     * message appears within {@code parley.log.outbox-interval} after the commit, or at once if {@link #committed} is
     * called then.
     *
     * @throws RefusedException as a publish would be refused
     * @throws IllegalStateException when the connection commits each statement
     */
    public void publish(Connection connection, Identity from, String channel, Optional<String> key, Body body)
            throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("The connection commits each statement (setAutoCommit(false)).");
        }
        outbox.put(connection, channels.admitDurable(from, channel, key, body));
    }

    /** Something published with a connection has been committed. */
    public void committed() {
        committed.run();
    }
}
