package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.testing.CapturedLogs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL behind pgbouncer, which gives each transaction another session; skipped where there is none. */
@Tag("postgresql")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PgbouncerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final CapturedLogs logs = new CapturedLogs();

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    void nothing_is_refused_where_each_transaction_has_another_session() throws Exception {
        Path program = Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(program != null, "There is no pgbouncer here");
        String direct = PostgresServer.newDatabase();
        int port = PostgresServer.steadyPort();
        String url = direct.replaceFirst(":\\d+/", ":" + port + "/");
        Process pgbouncer = start(program, direct, port);
        try {
            await().atMost(PATIENCE).until(() -> answers(url));
            try (HikariDataSource source = Pools.postgres(url);
                    HikariDataSource owner = Pools.postgres(direct)) {
                assertThatThrownBy(() -> JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE))
                        .isInstanceOf(FlywayException.class)
                        .hasMessageContaining("by way of a pooler");
                JdbcSchema.prepare(owner, JdbcSchema.Mode.MIGRATE);
                JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
                JdbcLog log = new JdbcLog(source, LogContract.INLINE);
                try (LogLoad load = new LogLoad(log)) {
                    load.awaitMoreAcknowledged(500);
                    assertThat(load.refused()).isZero();
                    assertThat(load.status().lastFailure()).isEmpty();
                }
                assertThat(log.read("load.a", 0, 10, 10_000).messages()).isNotEmpty();
            }
            assertThat(logs.shown()).anyMatch(line -> line.contains("A pooler stands before PostgreSQL"));
            assertThat(logs.shown()).noneMatch(line -> line.contains("prepared statement"));
        } finally {
            pgbouncer.destroy();
            assertThat(pgbouncer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    /** Two sessions for all, so that no one keeps its own. */
    private Process start(Path program, String direct, int port) throws IOException {
        URI server = URI.create(direct.substring("jdbc:".length()));
        Path users = Files.writeString(folder.resolve("users"), "\"postgres\" \"\"\n");
        Path config = Files.writeString(
                folder.resolve("pgbouncer.ini"), String.format(Locale.ROOT, """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                pool_mode = transaction
                default_pool_size = 2
                ignore_startup_parameters = extra_float_digits
                """, server.getPort(), port, users));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It will not run as root
            command.addAll(List.of("-u", "nobody"));
            assertThat(folder.toFile().setExecutable(true, false)).isTrue();
            assertThat(folder.toFile().setReadable(true, false)).isTrue();
        }
        command.add(config.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    private static boolean answers(String url) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }
}
