package dev.parley.jdbc;

import dev.parley.log.Head;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads where logs begin and end, each with its lineage, in one statement: what it gives was so at one moment. Ancestors
 * are looked for only where an epoch has ended in what is still held.
 */
final class JdbcHeads {
    /** Channels and, as {@code b}, what the trimmer knows of their beginnings. */
    static final String CHANNELS = " FROM parley_channel c LEFT JOIN parley_beginning b ON b.channel_id = c.id";

    /**
     * Ends a sub-select of a channel's oldest message. The order names both columns, or H2 sorts the whole channel instead
     * of looking at the index's first entry. The beginning spares PostgreSQL's index all that was trimmed.
     */
    static final String OF_OLDEST = " FROM parley_message m WHERE m.channel_id = c.id AND m.pos >= COALESCE(b.first, 0)"
            + " ORDER BY m.channel_id, m.pos LIMIT 1)";

    static final String SELECT = "SELECT c.id, c.name, c.epoch, c.head, (SELECT m.pos" + OF_OLDEST
            + ", CASE WHEN c.branched >= COALESCE(b.first, 0) - 1 THEN ARRAY("
            + "SELECT e.epoch || ':' || e.ended FROM parley_epoch e"
            + " WHERE e.channel_id = c.id AND e.ended >= COALESCE(b.first, 0) - 1"
            + " ORDER BY e.channel_id, e.ended) END"
            + CHANNELS + " WHERE ? > 0 AND c.name = ";

    /**
     * Each question has another: H2 2.2, which app servers bring, may give an answer a second time when the same is asked
     * again, though what was committed meanwhile has changed it.
     */
    private static final AtomicLong QUESTIONS = new AtomicLong();

    /** A channel's id, and its head. */
    record Found(long id, Head head) {}

    private final Connection connection;

    JdbcHeads(Connection connection) {
        this.connection = connection;
    }

    Map<String, Head> heads(Collection<String> channels) throws SQLException {
        Map<String, Head> heads = new HashMap<>();
        Array names = connection.createArrayOf("varchar", channels.toArray());
        try (PreparedStatement select = connection.prepareStatement(SELECT + "ANY(?)")) {
            select.setLong(1, QUESTIONS.incrementAndGet());
            select.setArray(2, names);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    heads.put(rows.getString(2), found(rows).head());
                }
            }
        }
        return heads;
    }

    @Nullable
    Found find(String channel) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + "?")) {
            select.setLong(1, QUESTIONS.incrementAndGet());
            select.setString(2, channel);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? found(rows) : null;
            }
        }
    }

    private static Found found(ResultSet row) throws SQLException {
        long last = row.getLong(4);
        long first = row.getLong(5);
        boolean none = row.wasNull();
        Lineage lineage = new Lineage(row.getString(3), ancestors(row.getArray(6)));
        return new Found(row.getLong(1), new Head(lineage, none ? last + 1 : first, last));
    }

    private static List<Lineage.Ancestor> ancestors(@Nullable Array array) throws SQLException {
        if (array == null) {
            return List.of();
        }
        List<Lineage.Ancestor> ancestors = new ArrayList<>();
        for (Object text : (Object[]) array.getArray()) {
            Position end = Position.parse(text.toString()).orElseThrow();
            ancestors.add(new Lineage.Ancestor(end.epoch(), end.offset()));
        }
        return ancestors;
    }
}
