package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.jdbc.JdbcSchema;
import dev.parley.server.ConnectionPool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NewLifeCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void each_time_the_database_that_the_settings_name_has_another_life() throws Exception {
        try (HikariDataSource source = source()) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
        }

        assertThat(run()).as(err::toString).isZero();
        String first = salt();
        assertThat(run()).isZero();

        assertThat(out.toString()).contains("another life");
        assertThat(salt()).isNotEqualTo(first);
    }

    @Test
    void a_database_without_the_tables_is_told_in_one_line() {
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).startsWith("parley: The database is not available");
    }

    private int run() {
        return new CommandLine(new LogCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("new-life", "--data", folder.toString());
    }

    private String salt() throws Exception {
        try (HikariDataSource source = source();
                Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT salt FROM parley_life")) {
            row.next();
            return row.getString(1);
        }
    }

    private HikariDataSource source() {
        return ConnectionPool.of(StandaloneSettings.read(Map.of("parley.data", folder.toString()), Optional.empty())
                .database());
    }
}
