package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.jdbc.Durability.Survives;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary and its standby by the files of {@code server-config/postgresql}, and the role that they give Parley. */
@Tag("postgresql")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SynchronousStandbyTest {
    private static final Path CONFIG = Path.of("server-config/postgresql");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void what_survives_a_machine_needs_a_standby_that_is_there() throws Exception {
        int port = PostgresServer.steadyPort();
        String url = PostgresServer.url(port, "postgres");
        server("one", port).close();
        copy(folder.resolve("one"), folder.resolve("two"));
        Files.createFile(folder.resolve("two/standby.signal"));
        List<String> standby = Files.readAllLines(CONFIG.resolve("standby.conf")).stream()
                .map(line -> line.replace(
                        "host=one port=5432 user=replicator", "host=127.0.0.1 port=" + port + " user=postgres"))
                .toList();
        List<String> primary = Files.readAllLines(CONFIG.resolve("primary.conf"));
        configure("one", primary);
        configure("two", primary);
        configure("two", standby);

        try (EmbeddedPostgres one = server("one", port)) {
            assertThat(one.getPort()).isEqualTo(port);
            execute(url, "SELECT pg_create_physical_replication_slot('two')");
            try (EmbeddedPostgres two = server("two", PostgresServer.steadyPort());
                    HikariDataSource owner = Pools.postgres(url)) {
                Durability durability = new Durability(owner, Survives.MACHINE);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(durability.shortcomings()).isEmpty());
                execute(url, Files.readString(CONFIG.resolve("parley_role.sql")));
                try (HikariDataSource maker = Pools.postgres(url, "parley_owner")) {
                    JdbcSchema.prepare(maker, JdbcSchema.Mode.MIGRATE);
                }
                try (HikariDataSource parley = Pools.postgres(url, "parley")) {
                    JdbcSchema.prepare(parley, JdbcSchema.Mode.VALIDATE);
                    JdbcLog log = new JdbcLog(parley, LogContract.INLINE);
                    log.append(List.of(LogContract.text("room", 1)));
                    log.probe();
                    assertThat(log.read("room", 0, 10, 1000).messages()).hasSize(1);
                    assertThat(new Durability(parley, Survives.MACHINE).shortcomings())
                            .as("as Parley's own role sees it")
                            .isEmpty();
                }
                try (HikariDataSource ofStandby = Pools.postgres(PostgresServer.url(two.getPort(), "postgres"))) {
                    assertThat(new Durability(ofStandby, Survives.MACHINE).shortcomings())
                            .anyMatch(sentence -> sentence.contains("in recovery"));
                }
            }
            try (HikariDataSource source = Pools.postgres(url)) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(new Durability(source, Survives.MACHINE).shortcomings())
                                .containsExactly("No synchronous standby of PostgreSQL is streaming."));
                assertThat(new Durability(source, Survives.PROCESS).shortcomings())
                        .isEmpty();
            }
        }
    }

    private EmbeddedPostgres server(String name, int port) throws IOException {
        return PostgresServer.durable()
                .setDataDirectory(folder.resolve(name))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.resolve("work").toFile())
                .setPort(port)
                .start();
    }

    private void configure(String name, List<String> lines) throws IOException {
        Files.write(folder.resolve(name).resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> copyOne(file, to.resolve(from.relativize(file))));
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
