package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a database leaves undone of "what was acknowledged is not lost when the process is killed", asked at start.
 *
 * <p>It cannot see through everything: a disk that lies about writing, a PostgreSQL whose standby takes over.
 */
public final class Durability {
    private static final Logger LOGGER = System.getLogger(Durability.class.getName());

    private Durability() {}

    /**
     * A sentence for each thing that is missing, for an operator; empty when all is well.
     *
     * @throws dev.parley.log.LogException when the database cannot be asked
     */
    public static List<String> shortcomings(DataSource source) {
        try (Connection connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return switch (product) {
                case "H2" -> ofH2(connection);
                case "PostgreSQL" -> ofPostgres(connection);
                default -> List.of("The database is " + product + ": only H2 and PostgreSQL have been tried.");
            };
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    private static List<String> ofH2(Connection connection) throws SQLException {
        if (first(connection, "CALL DATABASE_PATH()") == null) {
            return List.of("The database is an H2 in memory: all messages are lost when the process ends.");
        }
        if (isZero(writeDelay(connection))) {
            return List.of();
        }
        String found = String.valueOf(writeDelay(connection));
        // Mended for now, but H2 forgets it when the last connection is closed: the address must say it
        String mended = setNoWriteDelay(connection)
                ? " It was set to 0, until the database is next opened."
                : " The user may not set it.";
        return List.of("H2 writes with a delay of " + found
                + " ms: a killed process loses what it acknowledged meanwhile. Add ;WRITE_DELAY=0 to the database's URL."
                + mended);
    }

    private static @Nullable String writeDelay(Connection connection) throws SQLException {
        return first(
                connection, "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'");
    }

    private static boolean isZero(@Nullable String value) {
        return "0".equals(value);
    }

    private static boolean setNoWriteDelay(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET WRITE_DELAY 0");
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "Only an administrator may set it", e);
        }
        return isZero(writeDelay(connection));
    }

    private static List<String> ofPostgres(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        if ("off".equals(first(connection, "SHOW fsync"))) {
            found.add("PostgreSQL runs with fsync = off: a crash of its machine can lose or destroy everything.");
        }
        if ("off".equals(first(connection, "SHOW full_page_writes"))) {
            found.add("PostgreSQL runs with full_page_writes = off: a crash of its machine can destroy pages.");
        }
        if ("off".equals(first(connection, "SHOW synchronous_commit"))) {
            found.add("PostgreSQL runs with synchronous_commit = off: a crash of it loses what was acknowledged last.");
        }
        return found;
    }

    private static @Nullable String first(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
