package dev.parley.jdbc;

import dev.parley.log.ContentPiece;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces of bodies with one connection; used for one question. Of a body in rows of its own only those rows are
 * touched that the piece is in, and only the piece crosses from the database.
 */
final class JdbcContent {
    /**
     * The bytes are null where they are in rows of their own. A position names a message only in the epoch that it was given
     * in: where a log has left an epoch before it came so far, the position is another message's than what is there now.
     */
    private static final String SELECT_MESSAGE = "SELECT m.channel_id, m.media_type, m.size, m.data IS NULL,"
            + " SUBSTRING(m.data FROM ? FOR ?)"
            + " FROM parley_channel c JOIN parley_message m ON m.channel_id = c.id"
            + " WHERE c.name = ? AND m.pos = ? AND CASE WHEN c.branched >= m.pos THEN"
            + " (SELECT e.epoch FROM parley_epoch e WHERE e.channel_id = c.id AND e.ended >= m.pos"
            + " ORDER BY e.channel_id, e.ended LIMIT 1) ELSE c.epoch END = ?";

    private static final String SELECT_PART =
            "SELECT SUBSTRING(data FROM ? FOR ?) FROM parley_part" + " WHERE channel_id = ? AND pos = ? AND part = ?";

    /** RFC 8259 section 11. */
    static final String JSON = "application/json";

    private static final byte[] NOTHING = {};

    private final Connection connection;

    JdbcContent(Connection connection) {
        this.connection = connection;
    }

    Optional<ContentPiece> read(String channel, Position position, long from, int most) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_MESSAGE)) {
            // No row has more, and H2 counts beyond the largest number
            select.setInt(1, first(Math.min(from, JdbcInserts.IN_ROW)));
            select.setInt(2, Math.min(most, JdbcInserts.IN_ROW));
            select.setString(3, channel);
            select.setLong(4, position.offset());
            select.setString(5, position.epoch());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                @Nullable String type = row.getString(2);
                long size = row.getLong(3);
                byte[] bytes = row.getBoolean(4)
                        ? inParts(row.getLong(1), position.offset(), from, (int) Math.min(most, size - from))
                        : row.getBytes(5);
                return bytes == null
                        ? Optional.empty()
                        : Optional.of(new ContentPiece(type == null ? JSON : type, size, Bytes.wrap(bytes)));
            }
        }
    }

    /** As SQL counts, from 1. */
    private static int first(long from) {
        return (int) from + 1;
    }

    /** Null when the parts were trimmed away after their message was read. */
    private byte @Nullable [] inParts(long channelId, long offset, long from, int count) throws SQLException {
        if (count <= 0) {
            return NOTHING;
        }
        byte[] wanted = new byte[count];
        try (PreparedStatement select = connection.prepareStatement(SELECT_PART)) {
            select.setLong(3, channelId);
            select.setLong(4, offset);
            for (int done = 0; done < count; ) {
                long at = from + done;
                int begin = (int) (at % JdbcInserts.PART);
                int length = Math.min(JdbcInserts.PART - begin, count - done);
                select.setInt(1, first(begin));
                select.setInt(2, length);
                select.setInt(5, (int) (at / JdbcInserts.PART));
                byte[] bytes = only(select);
                if (bytes == null || bytes.length != length) {
                    return null;
                }
                System.arraycopy(bytes, 0, wanted, done, length);
                done += length;
            }
        }
        return wanted;
    }

    private static byte @Nullable [] only(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getBytes(1) : null;
        }
    }
}
