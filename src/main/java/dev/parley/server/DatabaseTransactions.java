package dev.parley.server;

import dev.parley.api.Identity;
import dev.parley.api.Transactions;
import dev.parley.channel.HubChannels;
import dev.parley.jdbc.JdbcOutbox;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Transactions on the database that holds Parley's tables: what they publish waits there, in the outbox. */
final class DatabaseTransactions implements Transactions {
    private final HubChannels channels;
    private final JdbcOutbox outbox;
    private final ThreadTransactions threads;
    private final Runnable committed;

    /** @param committed is called after a commit that this node knows of */
    DatabaseTransactions(HubChannels channels, JdbcOutbox outbox, ThreadTransactions threads, Runnable committed) {
        this.channels = channels;
        this.outbox = outbox;
        this.threads = threads;
        this.committed = committed;
    }

    @Override
    public <T, E extends Exception> T call(Work<? extends T, E> work) throws SQLException, E {
        return threads.<T, E>call(work);
    }

    @Override
    public <E extends Exception> void run(Action<E> action) throws SQLException, E {
        boolean unused = threads.<Boolean, E>call(connection -> {
            action.in(connection);
            return true;
        });
    }

    @Override
    public void publish(Identity from, String channel, Optional<String> key, Body body) {
        threads.require();
        Publication publication = channels.admitDurable(from, channel, key, body);
        try {
            threads.write(connection -> outbox.put(connection, publication), committed);
        } catch (SQLException e) {
            throw new IllegalStateException("The outbox cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void publish(Connection connection, Identity from, String channel, Optional<String> key, Body body)
            throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("The connection commits each statement (setAutoCommit(false)).");
        }
        outbox.put(connection, channels.admitDurable(from, channel, key, body));
    }

    @Override
    public void committed() {
        committed.run();
    }
}
