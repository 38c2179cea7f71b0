package dev.parley.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages without a hole between them, within bounds; looks at sizes only.
 *
 * <p>A log has no hole, unless somebody has deleted from the middle of its table. A run ends there, and one that begins in
 * a hole begins behind it, or, looking back, ends before it.
 */
final class JdbcRuns {
    private static final String SELECT_SIZES = "SELECT pos, media_type, size FROM parley_message"
            + " WHERE channel_id = ? AND pos >= ? AND pos <= ? ORDER BY channel_id, pos LIMIT ?";
    private static final String SELECT_FIRST = "SELECT pos FROM parley_message"
            + " WHERE channel_id = ? AND pos >= ? AND pos <= ? ORDER BY channel_id, pos LIMIT 1";

    /**
     * What is to be read at most.
     *
     * @param bytes of bodies; but always one message
     */
    record Bounds(int count, long bytes) {}

    /** Offsets, both of messages. */
    record Run(long from, long to) {}

    private final Connection connection;
    private final InlineSizes inline;

    JdbcRuns(Connection connection, InlineSizes inline) {
        this.connection = connection;
        this.inline = inline;
    }

    /** The first run between these offsets; empty when there is no message. */
    Optional<Run> first(long channelId, long from, long to, Bounds bounds) throws SQLException {
        long begin = -1;
        long end = -1;
        long sum = 0;
        try (PreparedStatement select = sizes(channelId, from, to, bounds.count());
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                long offset = rows.getLong(1);
                sum += size(rows);
                boolean further = begin >= 0;
                if (further && (sum > bounds.bytes() || offset != end + 1)) {
                    break;
                }
                begin = further ? begin : offset;
                end = offset;
            }
        }
        return begin < 0 ? Optional.empty() : Optional.of(new Run(begin, end));
    }

    /** The last run between these offsets; empty when there is no message. */
    Optional<Run> last(long channelId, long from, long to, Bounds bounds) throws SQLException {
        long end = to;
        while (end >= from) {
            // So many stand in this range, unless there is a hole, and no index need be read backwards
            long oldest = Math.max(from, end - bounds.count() + 1);
            Optional<Run> run = lastOf(channelId, oldest, end, bounds);
            if (run.isPresent()) {
                return run;
            }
            OptionalLong beforeHole = lastOffset(channelId, from, oldest - 1);
            if (beforeHole.isEmpty()) {
                return Optional.empty();
            }
            end = beforeHole.getAsLong();
        }
        return Optional.empty();
    }

    private Optional<Run> lastOf(long channelId, long oldest, long to, Bounds bounds) throws SQLException {
        Deque<Long> sizes = new ArrayDeque<>();
        long end = -1;
        try (PreparedStatement select = sizes(channelId, oldest, to, Integer.MAX_VALUE);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                long offset = rows.getLong(1);
                if (offset != end + 1) {
                    sizes.clear();
                }
                sizes.push(size(rows));
                end = offset;
            }
        }
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        long begin = end + 1;
        long sum = 0;
        for (long size : sizes) {
            sum += size;
            if (sum > bounds.bytes() && begin <= end) {
                break;
            }
            begin--;
        }
        return Optional.of(new Run(begin, end));
    }

    /** The last message's between these; halves the range, since H2 reads no index backwards. */
    private OptionalLong lastOffset(long channelId, long from, long to) throws SQLException {
        OptionalLong found = firstOffset(channelId, from, to);
        long high = to;
        while (found.isPresent() && found.getAsLong() < high) {
            long known = found.getAsLong();
            long middle = known + (high - known + 1) / 2;
            OptionalLong further = firstOffset(channelId, middle, high);
            if (further.isPresent()) {
                found = further;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }

    private OptionalLong firstOffset(long channelId, long from, long to) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_FIRST)) {
            select.setLong(1, channelId);
            select.setLong(2, from);
            select.setLong(3, to);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private PreparedStatement sizes(long channelId, long from, long to, int count) throws SQLException {
        PreparedStatement select = connection.prepareStatement(SELECT_SIZES);
        select.setLong(1, channelId);
        select.setLong(2, from);
        select.setLong(3, to);
        select.setInt(4, count);
        return select;
    }

    private long size(ResultSet row) throws SQLException {
        @Nullable String type = row.getString(2);
        long size = row.getLong(3);
        return inline.isReference(type, size) ? 0 : size;
    }
}
