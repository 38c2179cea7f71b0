package dev.parley.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * The migration after that of the columns: gives the messages that are there their running totals, {@link #ROWS} to a
 * transaction, since H2 keeps what a transaction changes in memory until its commit. Where it is interrupted it begins
 * anew, and comes to the same totals. H2 writes each row anew, so that its file may grow by as much as it holds, until it
 * is compacted.
 */
final class BytesBackfill implements JavaMigration {
    private static final int ROWS = 200;

    /** A run of a channel's messages, and the bytes before the message that follows it. */
    private record Run(int count, long lastOffset, long bytes) {}

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("3.1");
    }

    @Override
    public String getDescription() {
        return "bytes of messages";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    /** It has many of its own. */
    @Override
    public boolean canExecuteInTransaction() {
        return false;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        Connection connection = context.getConnection();
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            List<Long> ids = channelsAfter(connection, 0);
            while (!ids.isEmpty()) {
                for (long id : ids) {
                    fill(connection, id);
                }
                ids = channelsAfter(connection, ids.get(ids.size() - 1));
            }
            connection.commit();
        } finally {
            connection.setAutoCommit(before);
        }
    }

    private static List<Long> channelsAfter(Connection connection, long id) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM parley_channel WHERE id > ? ORDER BY id LIMIT " + ROWS)) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        return ids;
    }

    private static void fill(Connection connection, long channelId) throws SQLException {
        Run run = new Run(ROWS, 0, 0);
        while (run.count() == ROWS) {
            run = fillAfter(connection, channelId, run);
            connection.commit();
        }
        try (PreparedStatement total =
                connection.prepareStatement("UPDATE parley_channel SET bytes = ? WHERE id = ?")) {
            total.setLong(1, run.bytes());
            total.setLong(2, channelId);
            total.executeUpdate();
        }
        connection.commit();
    }

    private static Run fillAfter(Connection connection, long channelId, Run before) throws SQLException {
        int count = 0;
        long offset = before.lastOffset();
        long bytes = before.bytes();
        try (PreparedStatement select = connection.prepareStatement("SELECT pos, size FROM parley_message"
                        + " WHERE channel_id = ? AND pos > ? ORDER BY channel_id, pos LIMIT " + ROWS);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE parley_message SET bytes_before = ? WHERE channel_id = ? AND pos = ?")) {
            select.setLong(1, channelId);
            select.setLong(2, offset);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    offset = rows.getLong(1);
                    update.setLong(1, bytes);
                    update.setLong(2, channelId);
                    update.setLong(3, offset);
                    update.addBatch();
                    bytes += rows.getLong(2);
                    count++;
                }
            }
            if (count > 0) {
                update.executeBatch();
            }
        }
        return new Run(count, offset, bytes);
    }
}
