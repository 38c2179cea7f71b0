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
 * What a database leaves undone of "what was acknowledged is not lost when the process is killed", or its machine is;
 * asked at start, and of PostgreSQL, whose standbys come and go, again and again.
 *
 * <p>It cannot see through everything: a disk that lies about writing, a standby that never wrote what it said it had.
 */
public final class Durability {
    private static final Logger LOGGER = System.getLogger(Durability.class.getName());

    /** What an acknowledged message survives. */
    public enum Survives {
        /** The end of the process, however it comes; of PostgreSQL's too. */
        PROCESS,
        /** The loss of the database's machine. */
        MACHINE
    }

    private final DataSource source;
    private final Survives survives;
    private final StandbyCheck standbys = new StandbyCheck();

    /** Of an H2: asked once, since what is mended then is not found again. */
    private volatile @Nullable List<String> ofH2;

    public Durability(DataSource source, Survives survives) {
        this.source = source;
        this.survives = survives;
    }

    /** @throws dev.parley.log.LogException when the database cannot be asked */
    public static List<String> shortcomings(DataSource source) {
        return new Durability(source, Survives.PROCESS).shortcomings();
    }

    /**
     * A sentence for each thing that is missing, for an operator; empty when all is well.
     *
     * @throws dev.parley.log.LogException when the database cannot be asked
     */
    public List<String> shortcomings() {
        List<String> known = ofH2;
        return known == null ? ask() : known;
    }

    private List<String> ask() {
        try (Connection connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return switch (product) {
                case "H2" -> {
                    List<String> found = ofH2(connection, survives);
                    ofH2 = found;
                    yield found;
                }
                case "PostgreSQL" -> ofPostgres(connection);
                default -> List.of("The database is " + product + ": only H2 and PostgreSQL have been tried.");
            };
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    private static List<String> ofH2(Connection connection, Survives survives) throws SQLException {
        if (survives == Survives.MACHINE) {
            return List.of(
                    "H2 keeps all on one machine: parley.log.survives = machine needs a PostgreSQL with a standby.");
        }
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

    private List<String> ofPostgres(Connection connection) throws SQLException {
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
        if (survives == Survives.MACHINE) {
            found.addAll(standbys.shortcomings(connection));
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
