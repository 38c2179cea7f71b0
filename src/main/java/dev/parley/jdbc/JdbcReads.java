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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads with one connection; used for one question.
 *
 * <p>No statement locks anything, and no transaction spans them. A message keeps its position for ever, so that a head
 * that was read before fits what is read after it, unless another database has taken over meanwhile: then the epoch that
 * is read with the messages is another soon, and the question is asked anew. The trimmer takes messages only from a log's
 * beginning; what it took between two statements is simply no longer there.
 *
 * <p>Somebody may have deleted from the middle of a table: there is a hole, as there is where a part of a body is missing.
 * What is read ends before it, or begins behind it; looking back, the other way round.
 */
final class JdbcReads {
    private static final String SELECT_MESSAGES = "SELECT pos, user_id, user_name, published_at, media_type, size,"
            + " CASE WHEN (media_type IS NULL AND size <= ?) OR (media_type IS NOT NULL AND size <= ?) THEN data END,"
            + " (SELECT epoch FROM parley_channel WHERE id = ?)"
            + " FROM parley_message"
            + " WHERE channel_id = ? AND pos >= ? AND pos <= ? ORDER BY channel_id, pos";
    private static final String SELECT_PARTS =
            "SELECT data FROM parley_part WHERE channel_id = ? AND pos = ? ORDER BY channel_id, pos, part";

    /** Of messages with holes between them. */
    private enum Wanted {
        FIRST,
        LAST
    }

    private final Connection connection;
    private final InlineSizes inline;
    private final JdbcHeads heads;
    private final JdbcRuns runs;
    private @Nullable Head asked;

    /**
     * @param inlineJson bytes of JSON above which it is only mentioned
     * @param inlineBinary the same of what has a media type
     */
    JdbcReads(Connection connection, int inlineJson, int inlineBinary) {
        this.connection = connection;
        this.inline = new InlineSizes(inlineJson, inlineBinary);
        this.heads = new JdbcHeads(connection);
        this.runs = new JdbcRuns(connection, inline);
    }

    /** Empty when what was about to be read is not there, or of another epoch: then the question must be asked anew. */
    Optional<Slice> read(String channel, long after, JdbcRuns.Bounds bounds) throws SQLException {
        JdbcHeads.Found found = heads.find(channel);
        if (found == null) {
            return Optional.of(new Slice(Head.NONE, List.of()));
        }
        Head head = found.head();
        long begin = Math.max(after + 1, head.first());
        if (begin > head.last() || bounds.count() <= 0) {
            return Optional.of(new Slice(head, List.of()));
        }
        Optional<JdbcRuns.Run> run = runs.first(found.id(), begin, head.last(), bounds);
        while (run.isPresent()) {
            Optional<List<Message>> messages = messages(channel, found, run.get(), Wanted.FIRST);
            if (messages.isEmpty() || !messages.get().isEmpty()) {
                return messages.map(some -> behind(head, begin, some));
            }
            run = runs.first(found.id(), run.get().to() + 1, head.last(), bounds);
        }
        return nothing(head);
    }

    /** Empty when what was about to be read is not there, or of another epoch: then the question must be asked anew. */
    Optional<Slice> readBefore(String channel, long before, JdbcRuns.Bounds bounds) throws SQLException {
        JdbcHeads.Found found = heads.find(channel);
        if (found == null) {
            return Optional.of(new Slice(Head.NONE, List.of()));
        }
        Head head = found.head();
        long end = Math.min(before - 1, head.last());
        if (end < head.first() || bounds.count() <= 0) {
            return Optional.of(new Slice(head, List.of()));
        }
        Optional<JdbcRuns.Run> run = runs.last(found.id(), head.first(), end, bounds);
        while (run.isPresent()) {
            Optional<List<Message>> messages = messages(channel, found, run.get(), Wanted.LAST);
            if (messages.isEmpty()) {
                return Optional.empty();
            }
            if (!messages.get().isEmpty()) {
                return before(channel, bounds, head, messages.get());
            }
            run = runs.last(found.id(), head.first(), run.get().from() - 1, bounds);
        }
        return nothing(head);
    }

    /** The trimmer was there, unless the log is still as it was when that was asked last: then there is but a hole. */
    private Optional<Slice> nothing(Head head) {
        boolean hole = head.equals(asked);
        asked = head;
        return hole ? Optional.of(new Slice(head, List.of())) : Optional.empty();
    }

    /** What the trimmer took of the log's beginning meanwhile it no longer begins with. */
    private static Slice behind(Head head, long begin, List<Message> messages) {
        long first = messages.get(0).position().offset();
        return new Slice(begin == head.first() ? beginning(head, first) : head, messages);
    }

    /** A page that is not full ends at a hole, before which the log goes on, or where the trimmer has been meanwhile. */
    private Optional<Slice> before(String channel, JdbcRuns.Bounds bounds, Head head, List<Message> messages)
            throws SQLException {
        long first = messages.get(0).position().offset();
        if (first == head.first() || messages.size() >= bounds.count()) {
            return Optional.of(new Slice(head, messages));
        }
        JdbcHeads.Found now = heads.find(channel);
        return now == null || !now.head().epoch().equals(head.epoch())
                ? Optional.empty()
                : Optional.of(
                        new Slice(beginning(head, Math.min(first, now.head().first())), messages));
    }

    private static Head beginning(Head head, long first) {
        return first > head.first() ? new Head(head.lineage(), first, head.last()) : head;
    }

    /** Empty when they are of another epoch than the one that was found. */
    private Optional<List<Message>> messages(String channel, JdbcHeads.Found found, JdbcRuns.Run run, Wanted wanted)
            throws SQLException {
        List<Message> messages = new ArrayList<>();
        Head head = found.head();
        try (PreparedStatement select = connection.prepareStatement(SELECT_MESSAGES)) {
            select.setLong(1, inline.json());
            select.setLong(2, inline.binary());
            select.setLong(3, found.id());
            select.setLong(4, found.id());
            select.setLong(5, run.from());
            select.setLong(6, run.to());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    if (!head.epoch().equals(rows.getString(8))) {
                        return Optional.empty();
                    }
                    Position position = head.lineage().at(rows.getLong(1));
                    Body body = body(found.id(), position.offset(), rows);
                    boolean hole = body != null && !messages.isEmpty() && !follows(messages, position);
                    if (hole && wanted == Wanted.FIRST) {
                        break;
                    }
                    if (hole) {
                        messages.clear();
                    }
                    if (body != null) {
                        messages.add(message(channel, position, rows, body));
                    }
                }
            }
        }
        return Optional.of(messages);
    }

    private static boolean follows(List<Message> messages, Position position) {
        return messages.get(messages.size() - 1).position().offset() + 1 == position.offset();
    }

    private static Message message(String channel, Position position, ResultSet row, Body body) throws SQLException {
        Member from = new Member(row.getString(2), Optional.ofNullable(row.getString(3)));
        return new Message(channel, position, from, Instant.ofEpochMilli(row.getLong(4)), body);
    }

    /** Null when parts of it are missing, or were trimmed away after its row was read. */
    private @Nullable Body body(long channelId, long offset, ResultSet row) throws SQLException {
        String type = row.getString(5);
        long size = row.getLong(6);
        if (inline.isReference(type, size)) {
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
}
