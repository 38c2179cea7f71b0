package dev.parley.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads in which {@link Life} the database is, within a statement that an append needs anyway.
 *
 * <p>A PostgreSQL that takes over from another has another timeline; one that was restored as a whole has another start;
 * one whose tables were restored has another {@code parley_channel}. Each opening of an H2 file is a life. Where only rows
 * are put back, nothing tells, and an operator begins another life with {@link #renew}.
 *
 * <p>Lives as long as its log; any thread may ask it. What the role may read is tried out once, before the first append,
 * and again where a statement fails on it.
 */
public final class DatabaseLife {
    private static final Logger LOGGER = System.getLogger(DatabaseLife.class.getName());

    /** A sub-select that gives one value, and what it is called. */
    private record Mark(String name, String sql) {}

    /** Null where the operator has added nothing. */
    private static final Mark SALT = new Mark("parley_life", "(SELECT COALESCE(MAX(salt), 'none') FROM parley_life)");

    /** Null where nobody has named it yet. */
    private static final Mark OPENING = new Mark("parley_opening", "(SELECT opening FROM parley_opening)");

    private static final List<Mark> OF_H2 = List.of(OPENING, SALT);
    private static final List<Mark> OF_POSTGRES = List.of(
            new Mark("pg_control_system()", "(SELECT CAST(system_identifier AS VARCHAR(40)) FROM pg_control_system())"),
            new Mark(
                    "the timeline by pg_walfile_name(pg_current_wal_lsn())",
                    "(SELECT SUBSTRING(pg_walfile_name(pg_current_wal_lsn()) FROM 1 FOR 8))"),
            new Mark(
                    "pg_postmaster_start_time()",
                    "(SELECT CAST(CAST(EXTRACT(EPOCH FROM pg_postmaster_start_time()) * 1000000 AS BIGINT)"
                            + " AS VARCHAR(40)))"),
            new Mark(
                    "pg_database",
                    "(SELECT CAST(oid AS VARCHAR(40)) FROM pg_database WHERE datname = current_database())"),
            new Mark(
                    "pg_class",
                    "(SELECT CAST(oid AS VARCHAR(40)) FROM pg_class WHERE oid = CAST('parley_channel' AS regclass))"),
            SALT);

    /** A node that was stopped in the middle of an append is rid of its transaction before that. */
    private static final String ALONE = "SET LOCAL lock_timeout = '20s'; LOCK TABLE parley_channel IN SHARE MODE";

    private static final String NOTHING = "CAST(NULL AS VARCHAR(1))";

    /** No connection, an operator's intervention, no resources: the question was not answered. */
    private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

    private static final String SYNTAX_OR_ACCESS = "42";

    private volatile @Nullable Columns columns;

    /** What a statement selects to know the life; the columns stand behind all others. */
    static final class Columns {
        private final List<Optional<Mark>> marks;
        private final boolean h2;

        private Columns(List<Optional<Mark>> marks, boolean h2) {
            this.marks = marks;
            this.h2 = h2;
        }

        /** Begins with a comma. */
        String sql() {
            return marks.stream()
                    .map(mark -> ", " + mark.map(Mark::sql).orElse(NOTHING))
                    .collect(Collectors.joining());
        }

        /** In the transaction of the statement; an H2's opening is named by whoever first appends in it. */
        Life read(Connection connection, ResultSet row, int first) throws SQLException {
            List<Optional<String>> read = new ArrayList<>();
            for (int i = 0; i < marks.size(); i++) {
                read.add(Optional.ofNullable(row.getString(first + i)));
            }
            if (h2 && marks.get(0).isPresent() && read.get(0).isEmpty()) {
                read.set(0, Optional.of(H2Opening.name(connection)));
            }
            return Life.of(read);
        }
    }

    /**
     * Begins another life, by which every channel begins another epoch with its next message; also a channel of which nobody
     * knows the life, since an earlier version has written it. In PostgreSQL it waits for the appends that are under way, and
     * others wait for it: what a statement reads of the life is as it was when that began, which may be long before it has
     * its channel's row.
     *
     * @throws dev.parley.log.LogException when the database cannot be written
     */
    public static void renew(DataSource source) {
        try (Connection connection = source.getConnection()) {
            if (JdbcConnections.isPostgres(connection)) {
                connection.setAutoCommit(false);
                try (Statement alone = connection.createStatement()) {
                    alone.execute(ALONE);
                }
                writeSalt(connection);
                connection.commit();
            } else {
                writeSalt(connection);
            }
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    private static void writeSalt(Connection connection) throws SQLException {
        // First, or a message that comes between would be taken for one of the same life
        write(connection, "UPDATE parley_channel SET life = ? WHERE life IS NULL", Life.NONE.toString());
        String salt = H2Opening.random();
        if (write(connection, "UPDATE parley_life SET salt = ? WHERE id = 1", salt) == 0) {
            write(connection, "INSERT INTO parley_life (salt, id) VALUES (?, 1)", salt);
        }
    }

    private static int write(Connection connection, String sql, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, value);
            return statement.executeUpdate();
        }
    }

    /** What was found at the first append. */
    Optional<Columns> known() {
        return Optional.ofNullable(columns);
    }

    /** Tries out what can be read, a statement each, with a connection that commits by itself. */
    Columns find(Connection connection) throws SQLException {
        boolean h2 = JdbcConnections.isH2(connection);
        if (!h2 && isStandby(connection)) {
            throw new SQLTransientConnectionException("The database is a standby, which takes no appends", "08004");
        }
        List<Optional<Mark>> marks = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Mark mark : h2 ? OF_H2 : OF_POSTGRES) {
            boolean readable = isReadable(connection, mark);
            marks.add(readable ? Optional.of(mark) : Optional.empty());
            if (!readable) {
                missing.add(mark.name());
            }
        }
        if (!missing.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "The database does not let this user read {0}. Where it fails over, or is restored, in a way that"
                            + " only this tells, positions that it has forgotten are taken for those that it gives anew;"
                            + " run \"parley log new-life\" then.",
                    String.join(", ", missing));
        }
        Columns found = new Columns(marks, h2);
        columns = found;
        return found;
    }

    /** Whether a statement failed as it does where something may be read no longer; then all is tried out again. */
    boolean isForgotten(@Nullable Throwable failure) {
        boolean forgotten = failure instanceof SQLException e
                && e.getSQLState() != null
                && e.getSQLState().startsWith(SYNTAX_OR_ACCESS)
                && columns != null;
        if (forgotten) {
            columns = null;
        }
        return forgotten;
    }

    private static boolean isStandby(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            failIfAway(e);
            return false;
        }
    }

    private static boolean isReadable(Connection connection, Mark mark) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + mark.sql())) {
            return row.next();
        } catch (SQLException e) {
            failIfAway(e);
            LOGGER.log(Level.DEBUG, mark.name(), e);
            return false;
        }
    }

    private static void failIfAway(SQLException e) throws SQLException {
        String state = e.getSQLState();
        boolean h2Gone = H2File.isGone(e);
        if (h2Gone || state == null || AWAY.contains(state.substring(0, Math.min(2, state.length())))) {
            throw e;
        }
    }
}
