package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.jdbc.H2File;
import dev.parley.jdbc.PostgresServer;
import dev.parley.jdbc.QuotaFileSystem;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.Figures;
import dev.parley.testing.Scale;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database goes away under load and comes back: nothing is promised falsely, and nobody has to start anything. */
@Tag("scaled")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class OutageIT {
    private static final int PUBLISHERS = 5;
    private static final int FOLLOWERS = 6;
    private static final int SPACE_LEFT = 200_000;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private interface Outage {
        void begin() throws Exception;

        void end() throws Exception;
    }

    @AfterEach
    void free() {
        QuotaFileSystem.free();
    }

    @Test
    void a_disk_that_fills_up_and_is_freed_again() throws Exception {
        QuotaFileSystem.register();
        Map<String, String> settings = Map.of(
                "parley.jdbc.url",
                H2File.url(folder).replace("jdbc:h2:file:", "jdbc:h2:quota:"),
                "parley.jdbc.user",
                "sa");
        underLoad("a full disk, freed again", settings, Scale.of(1, 3, 30), new Outage() {
            @Override
            public void begin() throws IOException {
                QuotaFileSystem.limit(Files.size(folder.resolve("parley.mv.db")) + SPACE_LEFT);
            }

            @Override
            public void end() {
                QuotaFileSystem.free();
            }
        });
    }

    @Test
    @Tag("postgresql")
    void a_postgresql_that_is_stopped_and_started_again() throws Exception {
        try (Restarted postgres = new Restarted(folder)) {
            Map<String, String> settings = Map.of("parley.jdbc.url", postgres.url(), "parley.jdbc.user", "postgres");
            underLoad("PostgreSQL stopped and started", settings, Scale.of(1, 2, 20), postgres);
        }
    }

    private void underLoad(String what, Map<String, String> settings, int rounds, Outage outage) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("parley.channels.outage.history-size", "1000000");
        all.put("parley.channels.memory.durable", "false");
        try (StandaloneServer server = TestServers.start(folder.resolve("unused"), all);
                TestClient reader = TestClient.open(server.uri())) {
            ChannelLoad crowd = new ChannelLoad(server::uri, "outage", PUBLISHERS, FOLLOWERS);
            for (int round = 0; round < rounds; round++) {
                crowd.awaitMoreAcknowledged(200);
                await().atMost(TestClient.PATIENCE).until(() -> ready(server.uri()) == 200);
                outage.begin();
                crowd.awaitMoreRefused(50);
                await().atMost(TestClient.PATIENCE).until(() -> ready(server.uri()) == 503);
                assertReadersGoOn(reader, round);
                outage.end();
                crowd.awaitMoreAcknowledged(200);
                await().atMost(TestClient.PATIENCE).until(() -> ready(server.uri()) == 200);
            }
            String kept = crowd.assertPromisesKept();
            assertThat(crowd.resumed()).as("connections that were cut").isZero();
            Figures.print(rounds + " times " + what + " under load: " + crowd.refused() + " refused, " + kept);
        }
    }

    /** What is in memory is still given, and a publish is refused so that it may be repeated. */
    private static void assertReadersGoOn(TestClient reader, int round) {
        JsonObject refused = reader.reply(
                "publish", TestClient.publication("outage.a", "r" + round, "{\"key\":\"r" + round + "\"}"));
        if (refused.containsKey("error")) {
            assertThat(refused.getJsonObject("error").getString("name")).isEqualTo("unavailable");
            assertThat(refused.getJsonObject("error").getBoolean("retry")).isTrue();
        }
        long before = history(reader);
        reader.subscribeWithHistory("outage.b", 10);
        reader.subscribe("memory.a");
        Position position = reader.publish("memory.a", "k" + round, "{\"key\":\"m" + round + "\"}");
        await().atMost(TestClient.PATIENCE)
                .until(() -> reader.pushes().stream()
                        .anyMatch(push -> push.containsKey("data")
                                && push.getString("channel").equals("memory.a")
                                && TestClient.position(push).equals(position)));
        await().atMost(TestClient.PATIENCE).until(() -> history(reader) >= before + 10);
        reader.reply("unsubscribe", "{\"channel\":\"outage.b\"}");
        reader.reply("unsubscribe", "{\"channel\":\"memory.a\"}");
    }

    private static long history(TestClient reader) {
        return reader.pushes().stream()
                .filter(push ->
                        push.containsKey("data") && push.getString("channel").equals("outage.b"))
                .count();
    }

    private static int ready(URI server) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(server.resolve("/health/ready")).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** A PostgreSQL that comes back with its data on the port where it was. */
    private static final class Restarted implements Outage, AutoCloseable {
        private final Path folder;
        private final int port;
        private EmbeddedPostgres server;

        Restarted(Path folder) throws IOException {
            this.folder = folder;
            this.port = PostgresServer.steadyPort();
            this.server = builder().setPort(port).start();
        }

        String url() {
            return PostgresServer.url(port, "postgres");
        }

        @Override
        public void begin() throws IOException {
            server.close();
        }

        @Override
        public void end() throws IOException {
            server = builder().setPort(port).start();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }

        private EmbeddedPostgres.Builder builder() {
            return PostgresServer.durable()
                    .setDataDirectory(folder.resolve("postgres"))
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(folder.resolve("work").toFile());
        }
    }
}
