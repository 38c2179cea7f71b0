package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.log.LogException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("postgresql")
final class DurabilityTest {
    @TempDir
    Path folder;

    @Test
    void the_embedded_database_and_a_postgres_as_it_comes_lack_nothing() {
        assertThat(Durability.shortcomings(h2(H2File.url(folder), "sa"))).isEmpty();
        assertThat(Durability.shortcomings(postgres(PostgresServer.newDatabase())))
                .isEmpty();
    }

    @Test
    void an_h2_in_memory_loses_everything() {
        assertThat(Durability.shortcomings(h2("jdbc:h2:mem:test", "sa")))
                .singleElement()
                .asString()
                .contains("in memory");
    }

    @Test
    void an_h2_that_writes_with_a_delay_is_mended_for_now_and_told() throws Exception {
        DataSource source = h2("jdbc:h2:file:" + folder + "/delayed", "sa");
        try (Connection open = source.getConnection()) {
            assertThat(open.isValid(1)).isTrue();
            assertThat(Durability.shortcomings(source))
                    .singleElement()
                    .asString()
                    .contains("500 ms", "WRITE_DELAY=0", "was set to 0");
            assertThat(Durability.shortcomings(source)).isEmpty();
        }
    }

    @Test
    void an_h2_whose_delay_the_user_may_not_set_is_told() throws Exception {
        String url = "jdbc:h2:file:" + folder + "/delayed";
        try (Connection admin = DriverManager.getConnection(url, "sa", "");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE USER guest PASSWORD ''");
            assertThat(Durability.shortcomings(h2(url, "guest")))
                    .singleElement()
                    .asString()
                    .contains("may not set");
        }
    }

    @Test
    void a_postgres_that_commits_asynchronously_is_told() throws Exception {
        String url = PostgresServer.newDatabase();
        execute(
                url,
                "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END $$");
        assertThat(Durability.shortcomings(postgres(url)))
                .singleElement()
                .asString()
                .contains("synchronous_commit");
    }

    @Test
    void a_postgres_that_does_not_write_through_is_told() throws Exception {
        try (EmbeddedPostgres fast = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("synchronous_commit", "on")
                .start()) {
            assertThat(Durability.shortcomings(postgres(PostgresServer.url(fast.getPort(), "postgres"))))
                    .hasSize(2)
                    .anyMatch(sentence -> sentence.contains("fsync"))
                    .anyMatch(sentence -> sentence.contains("full_page_writes"));
        }
    }

    @Test
    void a_database_that_cannot_be_asked_is_unavailable() {
        assertThatThrownBy(() -> Durability.shortcomings(postgres("jdbc:postgresql://127.0.0.1:1/none")))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.UNAVAILABLE));
    }

    private static DataSource h2(String url, String user) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser(user);
        source.setPassword("");
        return source;
    }

    private static DataSource postgres(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser("postgres");
        return source;
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
