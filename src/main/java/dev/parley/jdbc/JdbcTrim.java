package dev.parley.jdbc;

import dev.parley.log.LogClock;
import dev.parley.log.Retention;
import dev.parley.log.RetentionPolicies;
import dev.parley.protocol.Names;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes in small steps what is no longer retained; lives as long as its log.
 *
 * <p>Every step looks at the channels that were appended to lately, and goes one page further through all channels, so
 * that what another node has appended, and what has merely grown old, is found too. A step removes at most
 * {@link #ROWS} messages or {@link #BYTES}, since H2 keeps what a transaction removes in memory until its commit.
 *
 * <p>Beside each message stands how many bytes were appended before it, and in the channel's row how many in all, so that
 * what a channel holds is a difference and never a sum. Publishers write both; the trimmer keeps no books.
 *
 * <p>It locks only what it removes, and its own note of where a log begins, never a channel's row, so it stands in no
 * publisher's way. Messages go from the beginning of a log, parts, rows and note in one transaction: a reader sees a log
 * that begins later, never one with a hole. By the note nobody looks through what was removed: while a long query runs
 * PostgreSQL cannot forget it, and 50,000 dead rows stand before a log's first.
 *
 * <p>An epoch is forgotten when even who stands at its end has missed something.
 */
final class JdbcTrim {
    private static final int PAGE = 500;
    private static final int ROWS = 500;
    private static final long BYTES = 8L * 1024 * 1024;
    private static final int TOUCHED = 10_000;

    static final String SELECT_CHANNELS = "SELECT c.id, c.name, c.head, c.bytes,"
            + " (SELECT m.pos" + JdbcHeads.OF_OLDEST
            + ", (SELECT m.published_at" + JdbcHeads.OF_OLDEST
            + ", (SELECT m.bytes_before" + JdbcHeads.OF_OLDEST
            + ", COALESCE(b.first, 0), COALESCE(c.branched, -1)" + JdbcHeads.CHANNELS + " WHERE ";
    private static final String SELECT_OLDEST = "SELECT pos, published_at, bytes_before, size FROM parley_message"
            + " WHERE channel_id = ? AND pos >= ? ORDER BY channel_id, pos LIMIT ?";
    private static final String UPDATE_BEGINNING =
            "UPDATE parley_beginning SET first = GREATEST(first, ?) WHERE channel_id = ?";
    private static final String INSERT_BEGINNING = "INSERT INTO parley_beginning (first, channel_id) VALUES (?, ?)";
    private static final String DELETE_EPOCHS = "DELETE FROM parley_epoch WHERE ended < ? AND channel_id = ?";
    private static final String DELETE_KEYS = "DELETE FROM parley_key WHERE key_id IN"
            + " (SELECT key_id FROM parley_key WHERE published_at < ? ORDER BY published_at LIMIT " + ROWS + ")";

    /** A channel whose oldest message is no longer retained: where its log begins at the earliest, and where it branched. */
    private record Excess(Place place, long head, long keepFrom, long keepSince, long keepBehind) {
        record Place(long id, long first, long branched) {}

        long id() {
            return place.id();
        }

        /**
         * Whether the message goes whose offset, time, and bytes before it stand in these columns. What a node of an earlier
         * version has written meanwhile has no such total, and goes by its offset and time.
         */
        boolean covers(ResultSet row, int column) throws SQLException {
            long offset = row.getLong(column);
            boolean old = offset < keepFrom || row.getLong(column + 1) < keepSince;
            long before = row.getLong(column + 2);
            boolean counted = !row.wasNull();
            return old || (counted && before < keepBehind && offset < head);
        }
    }

    /** Some channels that were looked at: how many, the last one's id, and those of them that hold too much. */
    private record Page(int count, long lastId, List<Excess> excesses) {}

    /** What a step may still remove. */
    private static final class Budget {
        int rows = ROWS;
        long bytes = BYTES;

        boolean isSpent() {
            return rows <= 0 || bytes <= 0;
        }
    }

    /** So long ago that nothing is older. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final LogClock clock;
    private final Set<Long> touched = new LinkedHashSet<>();
    private long scannedTo;

    JdbcTrim(LogClock clock) {
        this.clock = clock;
    }

    /** May be called by any thread; a channel that is forgotten here is found by going through all. */
    void appendedTo(List<Long> channelIds) {
        synchronized (touched) {
            if (touched.size() < TOUCHED) {
                touched.addAll(channelIds);
            }
        }
    }

    /** One step, of messages; returns whether there is more to do at once. */
    synchronized boolean step(Connection connection, RetentionPolicies retentions) throws SQLException {
        Budget budget = new Budget();
        boolean more = trimTouched(connection, retentions, budget);
        more |= trimPage(connection, retentions, budget);
        return more;
    }

    private boolean trimTouched(Connection connection, RetentionPolicies retentions, Budget budget)
            throws SQLException {
        List<Long> ids = takeTouched();
        if (ids.isEmpty()) {
            return false;
        }
        Page page;
        Array array = connection.createArrayOf("bigint", ids.toArray());
        try (PreparedStatement select = connection.prepareStatement(SELECT_CHANNELS + "c.id = ANY(?)")) {
            select.setArray(1, array);
            page = page(select, retentions);
        }
        boolean more = ids.size() == PAGE;
        for (Excess excess : page.excesses()) {
            if (!remove(connection, excess, budget)) {
                appendedTo(List.of(excess.id()));
                more = true;
            }
        }
        return more;
    }

    private List<Long> takeTouched() {
        synchronized (touched) {
            List<Long> ids = touched.stream().limit(PAGE).toList();
            ids.forEach(touched::remove);
            return ids;
        }
    }

    private boolean trimPage(Connection connection, RetentionPolicies retentions, Budget budget) throws SQLException {
        Page page;
        try (PreparedStatement select =
                connection.prepareStatement(SELECT_CHANNELS + "c.id > ? ORDER BY c.id LIMIT " + PAGE)) {
            select.setLong(1, scannedTo);
            page = page(select, retentions);
        }
        for (Excess excess : page.excesses()) {
            if (!remove(connection, excess, budget)) {
                scannedTo = excess.id() - 1;
                return true;
            }
        }
        scannedTo = page.count() < PAGE ? 0 : page.lastId();
        return false;
    }

    private Page page(PreparedStatement select, RetentionPolicies retentions) throws SQLException {
        List<Excess> excesses = new ArrayList<>();
        long now = now();
        int count = 0;
        long lastId = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                count++;
                lastId = rows.getLong(1);
                Retention retention = retentions.of(Names.namespace(rows.getString(2)));
                long head = rows.getLong(3);
                Excess excess = new Excess(
                        new Excess.Place(lastId, rows.getLong(8), rows.getLong(9)),
                        head,
                        head - retention.size() + 1,
                        now - retention.age().toMillis(),
                        rows.getLong(4) - retention.bytes());
                boolean any = rows.getLong(5) > 0;
                if (any && excess.covers(rows, 5)) {
                    excesses.add(excess);
                }
            }
        }
        return new Page(count, lastId, excesses);
    }

    /** Returns whether nothing is left to remove of this channel. */
    private static boolean remove(Connection connection, Excess excess, Budget budget) throws SQLException {
        if (budget.isSpent()) {
            return false;
        }
        long upTo = -1;
        boolean done = false;
        try (PreparedStatement select = connection.prepareStatement(SELECT_OLDEST)) {
            select.setLong(1, excess.id());
            select.setLong(2, excess.place().first());
            select.setInt(3, budget.rows);
            try (ResultSet rows = select.executeQuery()) {
                while (!done && !budget.isSpent()) {
                    done = !rows.next() || !excess.covers(rows, 1);
                    if (!done) {
                        upTo = rows.getLong(1);
                        budget.rows--;
                        budget.bytes -= rows.getLong(4);
                    }
                }
            }
        }
        if (upTo >= 0) {
            removeUpTo(connection, excess.place(), upTo);
        }
        return done;
    }

    private static void removeUpTo(Connection connection, Excess.Place place, long upTo) throws SQLException {
        for (String table : List.of("parley_part", "parley_message")) {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM " + table + " WHERE channel_id = ? AND pos >= ? AND pos <= ?")) {
                delete.setLong(1, place.id());
                delete.setLong(2, place.first());
                delete.setLong(3, upTo);
                delete.executeUpdate();
            }
        }
        if (change(connection, UPDATE_BEGINNING, upTo + 1, place.id()) == 0) {
            try (PreparedStatement insert = connection.prepareStatement(INSERT_BEGINNING)) {
                insert.setLong(1, upTo + 1);
                insert.setLong(2, place.id());
                ContestedInsert.run(insert);
            }
        }
        if (place.branched() >= 0) {
            change(connection, DELETE_EPOCHS, upTo, place.id());
        }
    }

    private static int change(Connection connection, String sql, long offset, long channelId) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            change.setLong(1, offset);
            change.setLong(2, channelId);
            return change.executeUpdate();
        }
    }

    /** While the clock is in doubt nothing is too old. */
    private long now() {
        return clock.doubt().isPresent() ? NEVER : clock.millis();
    }

    /** One step, of keys; in a transaction of its own, so that messages go though many dead rows stand before the keys. */
    boolean trimKeys(Connection connection, RetentionPolicies retentions) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_KEYS)) {
            delete.setLong(1, now() - retentions.keyAge().toMillis());
            return delete.executeUpdate() == ROWS;
        }
    }
}
