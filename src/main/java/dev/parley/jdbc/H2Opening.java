package dev.parley.jdbc;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * By what one opening of an H2 file is told from another: a table whose only row is made in each opening and never reaches
 * the file. So it is gone when the file is closed, copied or put back, and all connections of an opening share it. The
 * migration makes the table, on H2 alone.
 */
final class H2Opening implements JavaMigration {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 8;

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("5.1");
    }

    @Override
    public String getDescription() {
        return "opening of H2";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        if (!JdbcConnections.isH2(context.getConnection())) {
            return;
        }
        try (Statement statement = context.getConnection().createStatement()) {
            statement.execute("CREATE MEMORY TABLE IF NOT EXISTS parley_opening"
                    + " (id INTEGER PRIMARY KEY, opening VARCHAR(40) NOT NULL) NOT PERSISTENT");
        }
    }

    /** Names this opening, in the transaction that is under way; who comes second at that begins anew. */
    static String name(Connection connection) throws SQLException {
        String name = random();
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO parley_opening (id, opening) VALUES (1, ?)")) {
            insert.setString(1, name);
            ContestedInsert.run(insert);
        }
        return name;
    }

    /** What nobody else has named anything. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
