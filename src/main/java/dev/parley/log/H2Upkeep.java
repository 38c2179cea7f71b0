package dev.parley.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

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
 * <p>Does nothing on another database. An application server without H2 never loads the class's body: no H2 type stands
 * in a signature.
 */
final class H2Upkeep {
    private static final Logger LOG = System.getLogger(H2Upkeep.class.getName());
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
        try {
            rewriteSparseChunks(connection);
        } catch (LinkageError e) {
            LOG.log(Level.DEBUG, "The class loader does not give us H2's classes", e);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "The user may not force H2's file to the disk", e);
        }
        return true;
    }

    private static void rewriteSparseChunks(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)
                && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            MVStore store = session.getDatabase().getStore().getMvStore();
            int steps = 0;
            while (steps < STEPS && !store.isClosed() && store.compact(FILL_RATE, STEP_BYTES)) {
                steps++;
            }
        }
    }
}
