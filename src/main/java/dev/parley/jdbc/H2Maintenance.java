package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * What H2 does not do for its file by itself with {@code WRITE_DELAY=0}, done once a second after there were commits.
 *
 * <ul>
 *   <li>Its background thread, which does not run then, rewrites chunks of which little is still in use, and closes the
 *       holes. Without it the file grew by 6 KB for every message with a key, since keys fall on random pages: 1 GB a
 *       minute of load.
 *   <li>Nothing ever asks the operating system to write through (fsync). Without it a power cut could leave a file of
 *       which neither the old nor the new state is whole.
 *   <li>Space is used again by the wall clock; see {@link H2Chunks}.
 * </ul>
 *
 * <p>Does nothing on another database.
 */
final class H2Maintenance {
    private static final Logger LOGGER = System.getLogger(H2Maintenance.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Percent of the chunks' bytes that should be in use. */
    private static final int FILL_RATE = 75;

    /** Percent of the file's bytes that should be chunks. */
    private static final int FILE_FILL_RATE = 80;

    /** Commits wait while so much is rewritten. */
    private static final int STEP_BYTES = 2 * 1024 * 1024;

    private static final int STEPS = 8;
    private static final int MOVED_BYTES = 4 * STEP_BYTES;

    /** A smaller file may be as empty as it likes. */
    private static final long SMALL = 8L * 1024 * 1024;

    private boolean written = true;
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
        Optional<H2Chunks> chunks = H2Session.of(connection).chunks();
        if (chunks.isPresent()) {
            tidy(chunks.get());
        } else {
            writeThrough(connection);
        }
        return true;
    }

    /** What is left to do is done the next time, whether or not there are commits till then. */
    private void tidy(H2Chunks chunks) throws SQLException {
        chunks.release();
        int steps = 0;
        while (steps < STEPS && chunks.rewrite(FILL_RATE, STEP_BYTES)) {
            steps++;
        }
        if (steps > 0) {
            chunks.release();
        }
        boolean large = chunks.size() > SMALL;
        boolean moved = large && chunks.move(FILE_FILL_RATE, MOVED_BYTES);
        if (moved || (large && steps > 0)) {
            written();
        }
    }

    private static void writeThrough(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "The user may not force H2's file to the disk", e);
        }
    }
}
