package dev.parley.jdbc;

import dev.parley.log.Head;
import dev.parley.log.Slice;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads with one connection; used for one question.
 *
 * <p>No statement locks anything, and no transaction spans them: a row of {@code parley_channel} keeps its epoch for
 * ever, so messages found by its id are of that epoch, and the trimmer takes messages only from a log's beginning, so
 * that what a single statement sees has no hole. What it took between two statements is simply no longer there.
 */
final class JdbcReads {
    /** The order names both columns, or H2 sorts the whole channel instead of looking at the index's first entry. */
    private static final String SELECT_HEAD = "SELECT c.id, c.name, c.epoch, c.head,"
            + " (SELECT m.pos FROM parley_message m WHERE m.channel_id = c.id"
            + " ORDER BY m.channel_id, m.pos LIMIT 1)"
            + " FROM parley_channel c WHERE c.name = ";

    private static final String SELECT_SIZES = "SELECT pos, media_type, size FROM parley_message"
            + " WHERE channel_id = ? AND pos >= ? AND pos <= ? ORDER BY channel_id, pos LIMIT ?";
    private static final String SELECT_MESSAGES = "SELECT pos, user_id, user_name, published_at, media_type, size,"
            + " CASE WHEN (media_type IS NULL AND size <= ?) OR (media_type IS NOT NULL AND size <= ?) THEN data END"
            + " FROM parley_message"
            + " WHERE channel_id = ? AND pos >= ? AND pos <= ? ORDER BY channel_id, pos";
    private static final String SELECT_PARTS =
            "SELECT data FROM parley_part WHERE channel_id = ? AND pos = ? ORDER BY channel_id, pos, part";

    private record Found(long id, Head head) {}

    private final Connection connection;
    private final int inlineJson;
    private final int inlineBinary;

    /**
     * @param inlineJson bytes of JSON above which it is only mentioned
     * @param inlineBinary the same of what has a media type
     */
    JdbcReads(Connection connection, int inlineJson, int inlineBinary) {
        this.connection = connection;
        this.inlineJson = inlineJson;
        this.inlineBinary = inlineBinary;
    }

    Map<String, Head> heads(Collection<String> channels) throws SQLException {
        Map<String, Head> heads = new HashMap<>();
        Array names = connection.createArrayOf("varchar", channels.toArray());
        try (PreparedStatement select = connection.prepareStatement(SELECT_HEAD + "ANY(?)")) {
            select.setArray(1, names);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    heads.put(rows.getString(2), found(rows).head());
                }
            }
        }
        return heads;
    }

    /** Empty when the trimmer took what was about to be read: then the question must be asked anew. */
    Optional<Slice> read(String channel, long after, int count, long bytes) throws SQLException {
        Found found = find(channel);
        if (found == null) {
            return Optional.of(new Slice(Head.NONE, List.of()));
        }
        Head head = found.head();
        long from = Math.max(after + 1, head.first());
        if (from > head.last() || count <= 0) {
            return Optional.of(new Slice(head, List.of()));
        }
        long to = lastWithin(found.id(), from, head.last(), count, bytes);
        List<Message> messages = messages(channel, found, from, to, Hole.END_BEFORE);
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        long first = messages.get(0).position().offset();
        return Optional.of(new Slice(first > from ? new Head(head.epoch(), first, head.last()) : head, messages));
    }

    /** Empty when the trimmer took what was about to be read: then the question must be asked anew. */
    Optional<Slice> readBefore(String channel, long before, int count, long bytes) throws SQLException {
        Found found = find(channel);
        if (found == null) {
            return Optional.of(new Slice(Head.NONE, List.of()));
        }
        Head head = found.head();
        long to = Math.min(before - 1, head.last());
        if (to < head.first() || count <= 0) {
            return Optional.of(new Slice(head, List.of()));
        }
        // Offsets are contiguous, so that many stand in this range and no index need be read backwards
        long oldest = Math.max(head.first(), to - count + 1);
        long from = firstWithin(found.id(), oldest, to, bytes);
        List<Message> messages = messages(channel, found, from, to, Hole.BEGIN_BEHIND);
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        long first = messages.get(0).position().offset();
        return Optional.of(new Slice(first > from ? new Head(head.epoch(), first, head.last()) : head, messages));
    }

    private @Nullable Found find(String channel) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_HEAD + "?")) {
            select.setString(1, channel);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? found(rows) : null;
            }
        }
    }

    private static Found found(ResultSet row) throws SQLException {
        long last = row.getLong(4);
        long first = row.getLong(5);
        boolean none = row.wasNull();
        return new Found(row.getLong(1), new Head(row.getString(3), none ? last + 1 : first, last));
    }

    /** The last offset whose message is still within the bounds; looks at sizes only. */
    private long lastWithin(long channelId, long from, long head, int count, long bytes) throws SQLException {
        long to = from;
        long sum = 0;
        boolean first = true;
        try (PreparedStatement select = connection.prepareStatement(SELECT_SIZES)) {
            select.setLong(1, channelId);
            select.setLong(2, from);
            select.setLong(3, head);
            select.setInt(4, count);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sum += isReference(rows.getString(2), rows.getLong(3)) ? 0 : rows.getLong(3);
                    if (sum > bytes && !first) {
                        break;
                    }
                    to = rows.getLong(1);
                    first = false;
                }
            }
        }
        return to;
    }

    /** The first offset from which on to the last the messages are within the bounds; looks at sizes only. */
    private long firstWithin(long channelId, long oldest, long to, long bytes) throws SQLException {
        Deque<Long> sizes = new ArrayDeque<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT_SIZES)) {
            select.setLong(1, channelId);
            select.setLong(2, oldest);
            select.setLong(3, to);
            select.setInt(4, Integer.MAX_VALUE);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sizes.push(isReference(rows.getString(2), rows.getLong(3)) ? 0 : rows.getLong(3));
                }
            }
        }
        long from = to + 1;
        long sum = 0;
        for (long size : sizes) {
            sum += size;
            if (sum > bytes && from <= to) {
                break;
            }
            from--;
        }
        return Math.min(from, to);
    }

    /** Somebody has deleted from the middle of the table: what is read ends before that, or begins behind it. */
    private enum Hole {
        END_BEFORE,
        BEGIN_BEHIND
    }

    private List<Message> messages(String channel, Found found, long from, long to, Hole hole) throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT_MESSAGES)) {
            select.setLong(1, inlineJson);
            select.setLong(2, inlineBinary);
            select.setLong(3, found.id());
            select.setLong(4, from);
            select.setLong(5, to);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Position position = new Position(found.head().epoch(), rows.getLong(1));
                    if (!messages.isEmpty() && !follows(messages.get(messages.size() - 1), position)) {
                        if (hole == Hole.END_BEFORE) {
                            break;
                        }
                        messages.clear();
                    }
                    Body body = body(found.id(), position.offset(), rows);
                    if (body == null) {
                        messages.clear();
                    } else {
                        messages.add(message(channel, position, rows, body));
                    }
                }
            }
        }
        return messages;
    }

    private static boolean follows(Message before, Position position) {
        return before.position().offset() + 1 == position.offset();
    }

    private static Message message(String channel, Position position, ResultSet row, Body body) throws SQLException {
        Member from = new Member(row.getString(2), Optional.ofNullable(row.getString(3)));
        return new Message(channel, position, from, Instant.ofEpochMilli(row.getLong(4)), body);
    }

    /** Null when its parts were trimmed away after its row was read. */
    private @Nullable Body body(long channelId, long offset, ResultSet row) throws SQLException {
        String type = row.getString(5);
        long size = row.getLong(6);
        if (isReference(type, size)) {
            return new Body.Reference(type == null ? JdbcContent.JSON : type, size);
        }
        byte[] data = data(channelId, offset, size, row.getBytes(7));
        if (data == null) {
            return null;
        }
        return type == null
                ? new Body.Json(new String(data, StandardCharsets.UTF_8))
                : new Body.Binary(type, Bytes.wrap(data));
    }

    private byte @Nullable [] data(long channelId, long offset, long size, byte @Nullable [] inRow)
            throws SQLException {
        if (inRow != null) {
            return inRow;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(Math.toIntExact(size));
        try (PreparedStatement select = connection.prepareStatement(SELECT_PARTS)) {
            select.setLong(1, channelId);
            select.setLong(2, offset);
            try (ResultSet parts = select.executeQuery()) {
                while (parts.next()) {
                    whole.writeBytes(parts.getBytes(1));
                }
            }
        }
        return whole.size() == size ? whole.toByteArray() : null;
    }

    private boolean isReference(@Nullable String type, long size) {
        return size > (type == null ? inlineJson : inlineBinary);
    }
}
