package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What H2 does not do for its file by itself with {@code WRITE_DELAY=0}, done once a second after there were commits.
 *
 * <ul>
 *   <li>Its background thread, which does not run then, rewrites chunks of which little is still in use. Without it the
 *       file grew by 6 KB for every message with a key, since keys fall on random pages: 1 GB a minute of load.
 *   <li>Nothing ever asks the operating system to write through (fsync). Space that was in use until
 *       {@code RETENTION_TIME} ago may be overwritten, so without it a power cut could leave a file of which neither the
 *       old nor the new state is whole.
 * </ul>
 *
 * <p>Does nothing on another database.
 */
final class H2Maintenance {
    private static final Logger LOGGER = System.getLogger(H2Maintenance.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Percent of the chunks' bytes that should be in use. */
    private static final int FILL_RATE = 50;
    /** Commits wait while so much is rewritten. */
    private static final int STEP_BYTES = 2 * 1024 * 1024;

    private static final int STEPS = 8;

    private boolean written;
    private long last = System.nanoTime();

    /** There was a commit. */
    synchronized void written() {
        written = true;
    }

    /** Whether to {@link #run} now; says so to one caller. */
    synchronized boolean isDue() {
        long now = System.nanoTime();
        boolean due = written && now - last >= INTERVAL.toNanos();
        if (due) {
            written = false;
            last = now;
        }
        return due;
    }

    /** Returns whether there was anything to look after. */
    boolean run(Connection connection) throws SQLException {
        if (!JdbcConnections.isH2(connection)) {
            return false;
        }
        H2Session session = H2Session.of(connection);
        int steps = 0;
        while (steps < STEPS && session.compact(FILL_RATE, STEP_BYTES)) {
            steps++;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "The user may not force H2's file to the disk", e);
        }
        return true;
    }
}
