package dev.parley.jdbc;

import dev.parley.log.LogCapacity;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where messages that are published in somebody else's transaction wait until it is committed: rows in the same
 * database, which nobody else sees before, and which are gone if it is rolled back. No channel's row is touched by that
 * transaction, so nobody who publishes waits for it. An {@link OutboxRelay} moves them to the log.
 *
 * <p>Rows are in the order in which they were put, of one transaction and so of one channel; what of two transactions is
 * committed first is moved first.
 */
public final class JdbcOutbox {
    private static final int PART = JdbcInserts.PART;

    private final JdbcConnections connections;
    private final LogCapacity capacity;
    private final InstantSource clock;

    JdbcOutbox(JdbcConnections connections, LogCapacity capacity, InstantSource clock) {
        this.connections = connections;
        this.capacity = capacity;
        this.clock = clock;
    }

    /**
     * Adds a message to the transaction of a connection, which is neither committed nor closed.
     *
     * @param publication its time is not kept: a message is of the time when it comes into the log
     * @throws RefusedException when the log would not take it; {@code key-reused} too, where the transaction sees that. What it
     *     sees to be there with the same key and content is not put there again
     */
    public void put(Connection connection, Publication publication) throws SQLException {
        StoredPublication stored = StoredPublication.of(publication);
        if (stored.refused().isPresent() && stored.refused().get() instanceof Outcome.Refused refused) {
            throw new RefusedException(refused.code(), refused.message());
        }
        capacity.refusal(publication).ifPresent(reason -> {
            throw new RefusedException(ErrorCode.LOG_FULL, reason);
        });
        if (!new OutboxKeys(connection, stored).isStored()) {
            putParts(connection, putRow(connection, stored), stored.data());
        }
    }

    /**
     * What has been committed and not yet been moved, the oldest first.
     *
     * @param count at most so many
     * @param bytes at most so many bytes of bodies in all, but always one message if there is one
     */
    List<Publication> waiting(int count, long bytes) {
        return connections.read(connection -> {
            List<Row> rows = rows(connection, count, bytes);
            List<Publication> found = new ArrayList<>(rows.size());
            for (Row row : rows) {
                found.add(row.publication(data(connection, row.id()), clock.instant()));
            }
            return found;
        });
    }

    /** Takes a row away that the log has refused for ever. */
    void discard(OutboxRow row) {
        connections.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM parley_outbox WHERE id = ?")) {
                delete.setLong(1, row.id());
                return delete.executeUpdate();
            }
        });
    }

    private record Row(
            long id,
            String channel,
            Optional<String> key,
            Member from,
            @Nullable String type,
            long size) {
        Publication publication(byte[] data, Instant now) {
            Body body = type == null
                    ? new Body.Json(new String(data, StandardCharsets.UTF_8))
                    : new Body.Binary(type, Bytes.wrap(data));
            return new Publication(
                    channel, key, from, now.truncatedTo(ChronoUnit.MILLIS), body, Optional.of(new OutboxRow(id)));
        }
    }

    private static long putRow(Connection connection, StoredPublication stored) throws SQLException {
        Publication publication = stored.publication();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO parley_outbox (channel, message_key, user_id, user_name, media_type, size)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, publication.channel());
            insert.setString(2, publication.key().orElse(null));
            insert.setString(3, publication.from().user());
            insert.setString(4, publication.from().name().orElse(null));
            insert.setString(5, stored.type());
            insert.setLong(6, stored.data().length);
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static void putParts(Connection connection, long row, byte[] data) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO parley_outbox_part (outbox_id, part, data) VALUES (?, ?, ?)")) {
            for (int part = 0, from = 0; from < data.length; part++, from += PART) {
                insert.setLong(1, row);
                insert.setInt(2, part);
                insert.setBytes(3, Arrays.copyOfRange(data, from, Math.min(from + PART, data.length)));
                insert.executeUpdate();
            }
        }
    }

    private static List<Row> rows(Connection connection, int count, long bytes) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id, channel, message_key, user_id, user_name,"
                        + " media_type, size FROM parley_outbox ORDER BY id LIMIT ?")) {
            select.setInt(1, count);
            List<Row> rows = new ArrayList<>();
            try (ResultSet found = select.executeQuery()) {
                long sum = 0;
                while (found.next()) {
                    Row row = row(found);
                    sum += row.size();
                    if (!rows.isEmpty() && sum > bytes) {
                        break;
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    private static Row row(ResultSet found) throws SQLException {
        return new Row(
                found.getLong(1),
                found.getString(2),
                Optional.ofNullable(found.getString(3)),
                new Member(found.getString(4), Optional.ofNullable(found.getString(5))),
                found.getString(6),
                found.getLong(7));
    }

    static byte[] data(Connection connection, long row) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT data FROM parley_outbox_part WHERE outbox_id = ? ORDER BY outbox_id, part")) {
            select.setLong(1, row);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            try (ResultSet parts = select.executeQuery()) {
                while (parts.next()) {
                    data.writeBytes(parts.getBytes(1));
                }
            }
            return data.toByteArray();
        }
    }
}
