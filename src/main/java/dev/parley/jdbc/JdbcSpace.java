package dev.parley.jdbc;

import dev.parley.log.LogCapacity;
import dev.parley.log.SpaceLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Measures from time to time what the tables hold, by the running totals: it looks at one message of each channel. Of
 * itself it is at most a twentieth of the time under way, so that a million channels, for which it needs some seconds, are
 * measured every few minutes; meanwhile the {@link LogCapacity} knows what this node appends.
 *
 * <p>Not the size of the database's files, which do not become smaller when rows are deleted: a PostgreSQL would stay full
 * for ever.
 */
final class JdbcSpace {
    private static final Logger LOGGER = System.getLogger(JdbcSpace.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int SHARE = 20;

    static final String SELECT_MESSAGES = "SELECT COALESCE(SUM(c.bytes - (SELECT m.bytes_before"
            + JdbcHeads.OF_OLDEST + "), 0), COALESCE(SUM(c.head + 1 - (SELECT m.pos" + JdbcHeads.OF_OLDEST
            + "), 0) + COUNT(*)" + JdbcHeads.CHANNELS;

    /** As H2 has it at hand. */
    private static final String COUNT_KEYS = "SELECT COUNT(*) FROM parley_key";

    /** As PostgreSQL has last estimated it (the catalog {@code pg_class}): to count would be to read them all. */
    private static final String ESTIMATE_KEYS =
            "SELECT CAST(GREATEST(reltuples, 0) AS BIGINT) FROM pg_class WHERE oid = CAST('parley_key' AS regclass)";

    private final LogCapacity capacity;
    private long due = System.nanoTime();

    JdbcSpace(LogCapacity capacity) {
        this.capacity = capacity;
    }

    /** Whether to {@link #measure} now; says so to one caller. */
    synchronized boolean isDue() {
        long now = System.nanoTime();
        boolean is = now - due >= 0;
        if (is) {
            due = now + INTERVAL.toNanos();
        }
        return is;
    }

    LogCapacity.Measure measure(Connection connection) throws SQLException {
        long begun = System.nanoTime();
        long appended = capacity.appended();
        boolean h2 = JdbcConnections.isH2(connection);
        long used;
        try (Statement statement = connection.createStatement()) {
            long entries;
            try (ResultSet row = statement.executeQuery(SELECT_MESSAGES)) {
                row.next();
                used = row.getLong(1);
                entries = row.getLong(2);
            }
            try (ResultSet row = statement.executeQuery(h2 ? COUNT_KEYS : ESTIMATE_KEYS)) {
                entries += row.next() ? row.getLong(1) : 0;
            }
            used += SpaceLimits.ENTRY * entries;
        }
        OptionalLong free = h2 ? free(connection) : OptionalLong.empty();
        took(System.nanoTime() - begun);
        return new LogCapacity.Measure(used, free, appended);
    }

    private synchronized void took(long nanos) {
        due = System.nanoTime() + Math.max(INTERVAL.toNanos(), SHARE * nanos);
    }

    /** Of the disk that H2's file is on; empty where it has none, or none here. */
    private static OptionalLong free(Connection connection) throws SQLException {
        String path = path(connection);
        if (path == null) {
            return OptionalLong.empty();
        }
        try {
            Path file = Path.of(path + ".mv.db");
            return Files.exists(file)
                    ? OptionalLong.of(Files.getFileStore(file).getUsableSpace())
                    : OptionalLong.empty();
        } catch (IOException | InvalidPathException e) {
            LOGGER.log(Level.DEBUG, "Nobody knows how much of the disk is free", e);
            return OptionalLong.empty();
        }
    }

    private static @Nullable String path(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("CALL DATABASE_PATH()")) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
