package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a PostgreSQL leaves undone of "what was acknowledged is not lost when its machine is": commits must wait for a
 * standby, and one must be there.
 *
 * <p>PostgreSQL shows the state of its standbys to superusers and to members of {@code pg_read_all_stats}. Where the role
 * may not see it that is said, and no more: a commit that must wait for a standby that is not there is not acknowledged.
 */
final class StandbyCheck {
    private static final Logger LOGGER = System.getLogger(StandbyCheck.class.getName());

    private static final String SETTINGS = "SELECT current_setting('synchronous_commit'),"
            + " current_setting('synchronous_standby_names'), pg_is_in_recovery()";
    private static final String STANDBYS = "SELECT count(*), count(sync_state),"
            + " count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum'))"
            + " FROM pg_stat_replication";

    private final AtomicBoolean said = new AtomicBoolean();

    List<String> shortcomings(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        boolean waits;
        try (PreparedStatement select = connection.prepareStatement(SETTINGS);
                ResultSet row = select.executeQuery()) {
            row.next();
            String commit = row.getString(1);
            waits = !row.getString(2).isBlank();
            if (commit.equals("local")) {
                found.add("PostgreSQL runs with synchronous_commit = local: no commit waits for a standby.");
            }
            if (!waits) {
                found.add("PostgreSQL has no synchronous_standby_names: no commit waits for a standby.");
            }
            if (row.getBoolean(3)) {
                found.add("PostgreSQL is in recovery, a standby itself.");
                return found;
            }
        }
        if (waits) {
            addMissing(connection, found);
        }
        return found;
    }

    private void addMissing(Connection connection, List<String> found) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STANDBYS);
                ResultSet row = select.executeQuery()) {
            row.next();
            boolean hidden = row.getLong(1) > 0 && row.getLong(2) == 0;
            if (hidden && !said.getAndSet(true)) {
                LOGGER.log(
                        Level.WARNING,
                        "The database's user may not see whether a synchronous standby is there; it may with"
                                + " GRANT pg_read_all_stats");
            }
            if (!hidden && row.getLong(3) == 0) {
                found.add("No synchronous standby of PostgreSQL is streaming.");
            }
        }
    }
}
