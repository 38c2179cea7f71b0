package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.log.LogCapacity;
import dev.parley.log.LogException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgresql")
final class PostgresHealingTest {
    @TempDir
    Path folder;

    @Test
    void a_server_that_is_stopped_and_started_under_load() throws Exception {
        int port = PostgresServer.steadyPort();
        EmbeddedPostgres server = server(port);
        LogLoad load;
        try (HikariDataSource source = Pools.postgres(PostgresServer.url(port, "postgres"))) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            try (LogLoad running = new LogLoad(new JdbcLog(source, LogContract.INLINE))) {
                load = running;
                load.awaitMoreAcknowledged(200);
                server.close();
                load.awaitMoreRefused(50);
                server = server(port);
                load.awaitMoreAcknowledged(200);

                kill(server);
                load.awaitMoreRefused(50);
                server = server(port);
                load.awaitMoreAcknowledged(200);
                load.awaitAvailable();
            }
            load.assertKeptIn(new JdbcLog(source, LogContract.INLINE));
        } finally {
            server.close();
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt ends no read of a socket
    void a_server_that_does_not_answer_is_unavailable_and_served_again_when_it_does() throws Exception {
        String url = PostgresServer.newDatabase();
        try (HikariDataSource source = Pools.postgres(url)) {
            JdbcSchema.prepare(source, JdbcSchema.Mode.MIGRATE);
            JdbcLog log = new JdbcLog(source, LogContract.INLINE);
            JdbcLog impatient = new JdbcLog(
                    source,
                    LogContract.INLINE,
                    LogCapacity.unlimited(),
                    Duration.ofMillis(300),
                    JdbcClock.given(Clock.systemUTC()));
            log.append(List.of(LogContract.text("room", 1)));
            try (Connection other = DriverManager.getConnection(url, "postgres", "");
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT * FROM parley_channel FOR UPDATE");

                assertThatThrownBy(() -> impatient.append(List.of(LogContract.text("room", 2))))
                        .isInstanceOfSatisfying(
                                LogException.class, e -> assertThat(e.kind()).isEqualTo(LogException.Kind.UNAVAILABLE));
                assertThat(log.read("room", 0, 10, 1000).messages()).hasSize(1);
                other.rollback();
            }
            assertThat(LogContract.offsets(log.append(List.of(LogContract.text("room", 3)))))
                    .containsExactly(2L);
        }
    }

    private EmbeddedPostgres server(int port) throws IOException {
        EmbeddedPostgres.Builder builder = PostgresServer.durable()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.resolve("work").toFile());
        return builder.setPort(port).start();
    }

    /** As a crash: every process of it at once, and no word to its clients. */
    private void kill(EmbeddedPostgres server) throws IOException, InterruptedException {
        String pid = Files.readAllLines(folder.resolve("data").resolve("postmaster.pid"))
                .get(0);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        // So that it takes no client meanwhile whose process would outlive it, and keep the next server from starting
        assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
        List<ProcessHandle> all = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        postmaster.onExit().join();
        server.close();
    }
}
