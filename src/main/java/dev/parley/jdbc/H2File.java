package dev.parley.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;

/**
 * The database of a server that was given none: H2, embedded, one file in the data folder.
 *
 * <p>What is committed survives the process, however it ends. It survives a power cut too but for the last seconds:
 * H2 writes at each commit, and leaves it to the operating system when that reaches the disk.
 */
public final class H2File {
    /**
     * {@code DATABASE_IS_CLOSED}, {@code CONNECTION_BROKEN}, {@code DATABASE_CALLED_AT_SHUTDOWN},
     * {@code OBJECT_CLOSED}, {@code IO_EXCEPTION} (one and two), {@code FILE_CORRUPTED}, {@code GENERAL_ERROR}, which is
     * how a commit tells of an I/O error.
     */
    private static final Set<Integer> GONE = Set.of(90098, 90067, 90121, 90007, 90028, 90031, 90030, 50000);

    private H2File() {}

    /**
     * The address of the database in this folder, which is made when it is first used; user {@code sa}, no password.
     *
     * <ul>
     *   <li>{@code WRITE_DELAY=0}: with its default, 500 ms, a killed process loses what it acknowledged meanwhile.
     *   <li>{@code DB_CLOSE_ON_EXIT=FALSE}: the server closes it when it has written what it acknowledged. H2's own
     *       shutdown hook would close it under the writer, whose commits would then do nothing without an error.
     *   <li>{@code LOCK_TIMEOUT}: two transactions on one channel wait for each other's commit, not for 2 seconds at most.
     *   <li>No {@code RETENTION_TIME}, which each new connection would set anew: {@link H2Chunks} does, for all.
     *   <li>{@code TRACE_LEVEL_FILE=0}: no trace file, which would grow beside a database that has no space left; what
     *       goes wrong is thrown, and logged.
     * </ul>
     */
    public static String url(Path folder) {
        String path = folder.toAbsolutePath().normalize().toString();
        if (path.indexOf(';') >= 0) {
            throw new IllegalArgumentException("H2 cannot have a semicolon in a path: " + path);
        }
        return "jdbc:h2:file:" + path + "/parley"
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000"
                + ";QUERY_CACHE_SIZE=64;TRACE_LEVEL_FILE=0";
    }

    /**
     * Whether a connection that threw this is of no use any more, and its database must be opened anew. H2 closes its
     * file after the first I/O error, such as a full disk; the connections do not know, and
     * {@link java.sql.Connection#isValid} says yes to them. A pool must be told to drop them.
     */
    public static boolean isGone(SQLException e) {
        return GONE.contains(e.getErrorCode());
    }
}
