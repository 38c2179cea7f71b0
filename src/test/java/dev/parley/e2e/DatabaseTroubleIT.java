package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.PostgresServer;
import dev.parley.standalone.StandaloneServer;
import dev.parley.standalone.StartException;
import dev.parley.testing.CapturedLogs;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators are told of a database that is away, can only be read, or promises less than was asked for. */
@Tag("postgresql")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DatabaseTroubleIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final CapturedLogs logs = new CapturedLogs();

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    void a_server_that_is_started_first_waits_and_says_so() throws Exception {
        int database = PostgresServer.steadyPort();
        int port = PostgresServer.steadyPort();
        int management = PostgresServer.steadyPort();
        URI main = URI.create("http://127.0.0.1:" + port + "/");
        URI operators = URI.create("http://127.0.0.1:" + management + "/");
        Map<String, String> settings = settings(PostgresServer.url(database, "postgres"));
        settings.put("parley.port", "" + port);
        settings.put("parley.management.port", "" + management);
        settings.put("parley.log.start-wait", "3m");
        settings.put("parley.data", folder.toString());
        CompletableFuture<StandaloneServer> starting =
                CompletableFuture.supplyAsync(() -> StandaloneServer.start(settings));
        await().atMost(TestClient.PATIENCE).until(() -> status(operators, "health/ready") == 503);
        assertThat(get(operators, "health/ready").body()).contains("Waiting for the database: ", "refused");
        assertThat(status(operators, "health/live")).isEqualTo(200);
        assertThat(get(main, "health/ready").body()).contains("Waiting for the database.\"");
        assertThat(get(main, "").headers().firstValue("Retry-After")).isPresent();
        assertThat(status(main, "api/messages")).isEqualTo(503);
        assertThat(starting).isNotDone();
        try (EmbeddedPostgres postgres = PostgresServer.durable()
                        .setOverrideWorkingDirectory(folder.resolve("work").toFile())
                        .setDataDirectory(folder.resolve("postgres"))
                        .setPort(database)
                        .start();
                StandaloneServer server = starting.get(60, TimeUnit.SECONDS)) {
            assertThat(postgres.getPort()).isEqualTo(database);
            assertThat(server.port()).isEqualTo(port);
            assertThat(status(operators, "health/ready")).isEqualTo(200);
            assertThat(HttpApiClient.of(server).say("a.b", "1").statusCode()).isEqualTo(201);
        }
        assertThat(logs.shown().stream().filter(line -> line.contains("Waiting for the database")))
                .hasSize(1);
    }

    @Test
    void it_does_not_wait_for_ever_nor_for_a_database_that_answers() {
        Map<String, String> away = settings("jdbc:postgresql://127.0.0.1:1/none");
        away.put("parley.log.start-wait", "2s");
        assertThatThrownBy(() -> TestServers.start(folder, away).close())
                .isInstanceOf(StartException.class)
                .hasMessageMatching("The database, jdbc:postgresql://127.0.0.1:1/none, cannot be used: .*refused.*");

        Map<String, String> unknown =
                settings(PostgresServer.newDatabase().replaceFirst("/test\\d+", "/there_is_none"));
        unknown.put("parley.log.start-wait", "1h");
        assertThatThrownBy(() -> TestServers.start(folder, unknown).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("\"there_is_none\" does not exist");
    }

    @Test
    void a_database_that_can_only_be_read_is_not_ready_though_nobody_publishes_and_is_told_once() throws Exception {
        String url = PostgresServer.newDatabase();
        try (Connection admin = DriverManager.getConnection(url, "postgres", "");
                StandaloneServer server = TestServers.start(folder, settings(url))) {
            HttpApiClient client = HttpApiClient.of(server);
            assertThat(client.say("a.b", "1").statusCode()).isEqualTo(201);
            assertThat(status(server.uri(), "health/ready")).isEqualTo(200);

            readOnly(admin, true);
            await().atMost(TestClient.PATIENCE).until(() -> status(server.uri(), "health/ready") == 503);
            assertThat(get(server.uri(), "health/ready").body()).contains("The log cannot be written.", "read-only");
            for (int i = 0; i < 20; i++) {
                assertThat(client.say("a.b", "2").statusCode()).isEqualTo(503);
            }
            assertThat(client.get("channels/a.b/messages?history=9").body()).contains("\"data\":1");
            List<String> told = logs.shown().stream()
                    .filter(line -> line.startsWith("dev.parley"))
                    .toList();
            assertThat(told.stream().filter(line -> line.contains("The log cannot be written")))
                    .hasSize(1);
            // The trimmer may have been first; what is read was interrupted with the sessions
            assertThat(told.stream().filter(line -> !line.contains("terminating connection")))
                    .hasSizeLessThanOrEqualTo(2);

            readOnly(admin, false);
            await().atMost(TestClient.PATIENCE).until(() -> status(server.uri(), "health/ready") == 200);
            assertThat(client.say("a.b", "3").statusCode()).isEqualTo(201);
        }
    }

    @Test
    void what_must_survive_the_machine_is_not_ready_on_one_machine() throws Exception {
        Map<String, String> settings = settings(PostgresServer.newDatabase());
        settings.put("parley.log.survives", "machine");
        try (StandaloneServer server = TestServers.start(folder, settings)) {
            assertThat(get(server.uri(), "health/ready").body()).contains("synchronous_standby_names");
        }
        try (StandaloneServer server =
                TestServers.start(folder.resolve("h2"), Map.of("parley.log.survives", "machine"))) {
            assertThat(get(server.uri(), "health/ready").body()).contains("H2 keeps all on one machine");
        }
    }

    /** Of the database, and so of sessions from now on. */
    private static void readOnly(Connection admin, boolean is) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database()"
                    + " || ' SET default_transaction_read_only = " + is + "'; END $$");
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }

    private static Map<String, String> settings(String url) {
        return new HashMap<>(Map.of("parley.jdbc.url", url, "parley.jdbc.user", "postgres"));
    }

    private static int status(URI server, String path) {
        try {
            return get(server, path).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(URI server, String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(server.resolve(path)).build(), BodyHandlers.ofString());
    }
}
