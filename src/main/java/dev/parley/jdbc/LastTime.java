package dev.parley.jdbc;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/**
 * When a database was last in use by a clock that was not in doubt, to the hour: a row of {@code parley_secret}. Not when
 * the last message was published, since a server to whom nobody says anything for a week is not one whose clock is wrong,
 * and since messages are published by a wrong clock too.
 */
final class LastTime {
    private static final String NAME = "last-time";

    /** Of a database that no server has noted the time in: of each channel's newest message. */
    private static final String SELECT_NEWEST = "SELECT MAX((SELECT m.published_at FROM parley_message m"
            + " WHERE m.channel_id = c.id ORDER BY m.channel_id DESC, m.pos DESC LIMIT 1)) FROM parley_channel c";

    private LastTime() {}

    /** Milliseconds since 1970; empty for a database in which there is nothing yet. */
    static OptionalLong find(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT data FROM parley_secret WHERE name = ?")) {
            select.setString(1, NAME);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return OptionalLong.of(ByteBuffer.wrap(row.getBytes(1)).getLong());
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SELECT_NEWEST)) {
            row.next();
            long newest = row.getLong(1);
            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(newest);
        }
    }

    static void note(Connection connection, long millis) throws SQLException {
        byte[] data = ByteBuffer.allocate(Long.BYTES).putLong(millis).array();
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE parley_secret SET data = ? WHERE name = ?")) {
            update.setBytes(1, data);
            update.setString(2, NAME);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO parley_secret (name, data) VALUES (?, ?)")) {
            insert.setString(1, NAME);
            insert.setBytes(2, data);
            insert.executeUpdate();
        }
    }
}
