package dev.parley.e2e;

import dev.parley.jdbc.JdbcSchema;
import dev.parley.jdbc.PostgresCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.ds.PGSimpleDataSource;

/** What {@code pg_dump} would give of all tables at one moment. */
final class PostgresDump {
    private static final String TABLES =
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'parley\\_%'"
                    + " AND tablename <> 'parley_schema_history' ORDER BY tablename";
    private static final String SEQUENCES = """
            SELECT format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM %I',
                pg_get_serial_sequence(table_name, column_name), column_name, table_name)
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name LIKE 'parley\\_%' AND is_identity = 'YES'
            """;

    private static final String USER = "postgres";

    private final Map<String, byte[]> tables;

    private PostgresDump(Map<String, byte[]> tables) {
        this.tables = tables;
    }

    static PostgresDump of(PostgresCluster postgres) throws SQLException, IOException {
        Map<String, byte[]> tables = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(postgres.url(), USER, "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
            try (ResultSet names = statement.executeQuery(TABLES)) {
                while (names.next()) {
                    ByteArrayOutputStream rows = new ByteArrayOutputStream();
                    copies.copyOut("COPY " + names.getString(1) + " TO STDOUT", rows);
                    tables.put(names.getString(1), rows.toByteArray());
                }
            }
            connection.rollback();
        }
        return new PostgresDump(tables);
    }

    void restore(PostgresCluster postgres) throws SQLException, IOException {
        postgres.newDatabase(this::fill);
    }

    private void fill(String url) throws SQLException, IOException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(USER);
        JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
            statement.execute("TRUNCATE " + String.join(", ", tables.keySet()));
            for (Map.Entry<String, byte[]> table : tables.entrySet()) {
                copies.copyIn("COPY " + table.getKey() + " FROM STDIN", new ByteArrayInputStream(table.getValue()));
            }
            StringBuilder sequences = new StringBuilder();
            try (ResultSet found = statement.executeQuery(SEQUENCES)) {
                while (found.next()) {
                    sequences.append(found.getString(1)).append(';');
                }
            }
            statement.execute(sequences.toString());
            connection.commit();
        }
    }
}
