package dev.parley.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Secrets that all nodes of a database share, and that outlive them; asked at start. */
public final class JdbcSecrets {
    private static final String INTEGRITY_VIOLATION = "23";

    private JdbcSecrets() {}

    /**
     * The secret of this name, which the first node that asks for it makes.
     *
     * @throws dev.parley.log.LogException when the database cannot be asked
     */
    public static byte[] find(DataSource source, String name, Supplier<byte[]> made) {
        try (Connection connection = source.getConnection()) {
            Optional<byte[]> known = select(connection, name);
            if (known.isEmpty()) {
                insert(connection, name, made.get());
                known = select(connection, name);
            }
            return known.orElseThrow();
        } catch (SQLException e) {
            throw JdbcFailures.unavailable(e);
        }
    }

    private static Optional<byte[]> select(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT data FROM parley_secret WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    private static void insert(Connection connection, String name, byte[] data) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO parley_secret (name, data) VALUES (?, ?)")) {
            insert.setString(1, name);
            insert.setBytes(2, data);
            insert.executeUpdate();
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(INTEGRITY_VIOLATION)) {
                throw e;
            }
            // Another node was first
        }
    }
}
