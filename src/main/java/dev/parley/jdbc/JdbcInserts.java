package dev.parley.jdbc;

import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Writes the rows of messages that have been given their offsets.
 *
 * <p>A body above {@link #IN_ROW} goes to rows of its own, {@link #PART} at a time: H2 loads a row as a whole, so
 * whoever reads on past a picture would read the picture, and it takes 1 MB in a column at most.
 */
final class JdbcInserts {
    static final int IN_ROW = 64 * 1024;

    /** All parts of a body but the last have so many, so that it is known in which a byte is. */
    static final int PART = 256 * 1024;

    private final Connection connection;

    JdbcInserts(Connection connection) {
        this.connection = connection;
    }

    void insert(List<StoredPublication> batch, List<Outcome> outcomes, Function<String, Claim> claims)
            throws SQLException {
        try (PreparedStatement messages = connection.prepareStatement("INSERT INTO parley_message"
                        + " (channel_id, pos, user_id, user_name, published_at, media_type, size, data,"
                        + " bytes_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement parts = connection.prepareStatement(
                        "INSERT INTO parley_part (channel_id, pos, part, data) VALUES (?, ?, ?, ?)")) {
            int rows = 0;
            for (int i = 0; i < batch.size(); i++) {
                if (outcomes.get(i) instanceof Outcome.Appended appended) {
                    StoredPublication stored = batch.get(i);
                    Claim claim = claims.apply(stored.publication().channel());
                    addMessage(messages, claim, appended.position().offset(), stored);
                    addParts(parts, claim.id(), appended.position().offset(), stored.data());
                    rows++;
                }
            }
            if (rows > 0) {
                messages.executeBatch();
            }
        }
    }

    private static void addMessage(PreparedStatement insert, Claim claim, long offset, StoredPublication stored)
            throws SQLException {
        Publication publication = stored.publication();
        insert.setLong(1, claim.id());
        insert.setLong(2, offset);
        insert.setString(3, publication.from().user());
        insert.setString(4, publication.from().name().orElse(null));
        insert.setLong(5, publication.at().toEpochMilli());
        insert.setString(6, stored.type());
        insert.setLong(7, stored.data().length);
        insert.setBytes(8, stored.data().length <= IN_ROW ? stored.data() : null);
        insert.setLong(9, claim.count(stored.data().length));
        insert.addBatch();
    }

    /** One at a time: a batch of them would hold all in memory once more. */
    private static void addParts(PreparedStatement insert, long channelId, long offset, byte[] data)
            throws SQLException {
        if (data.length <= IN_ROW) {
            return;
        }
        for (int part = 0, from = 0; from < data.length; part++, from += PART) {
            insert.setLong(1, channelId);
            insert.setLong(2, offset);
            insert.setInt(3, part);
            insert.setBytes(4, Arrays.copyOfRange(data, from, Math.min(from + PART, data.length)));
            insert.executeUpdate();
        }
    }
}
