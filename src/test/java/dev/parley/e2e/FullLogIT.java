package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What publishers are told who fill the log, or who publish more than their share. */
class FullLogIT {
    private static final String TEN_KILOBYTES = "\"" + "x".repeat(10_000) + "\"";
    private static final int MANY = 40;

    @TempDir
    Path folder;

    @Test
    void a_full_log_is_507_on_every_way_in_and_is_read_on_and_is_not_ready() throws Exception {
        Map<String, String> settings = Map.of("parley.log.max-size", "100KB");
        try (StandaloneServer server = TestServers.start(folder, settings);
                TestClient client = TestClient.open(server.uri())) {
            HttpApiClient asker = HttpApiClient.of(server);
            assertThat(ready(server).statusCode()).isEqualTo(200);

            HttpResponse<String> answer = asker.say("a.b", TEN_KILOBYTES);
            assertThat(answer.statusCode()).isEqualTo(201);
            for (int i = 1; i < MANY && answer.statusCode() == 201; i++) {
                answer = asker.say("a.b", TEN_KILOBYTES);
            }

            assertThat(answer.statusCode()).isEqualTo(507);
            assertThat(HttpApiClient.problem(answer)).isEqualTo("507 log-full");
            assertThat(HttpApiClient.json(answer).getBoolean("retry")).isTrue();
            assertThat(HttpApiClient.header(answer, "Retry-After")).isNotEmpty();
            JsonObject error =
                    client.reply("publish", "{\"channel\":\"c.d\",\"data\":1}").getJsonObject("error");
            assertThat(error.getInt("code")).isEqualTo(507);
            assertThat(error.getBoolean("retry")).isTrue();

            HttpResponse<String> read = asker.get("channels/a.b/messages?history=2");
            assertThat(HttpApiClient.json(read).getJsonArray("messages")).hasSize(2);
            assertThat(client.reply("publish", "{\"channel\":\"typing.a\",\"data\":1}"))
                    .as("what is kept in memory")
                    .containsKey("published");
            assertThat(ready(server).statusCode()).isEqualTo(503);
            assertThat(ready(server).body()).contains("parley.log.max-size");
        }
    }

    @Test
    void who_publishes_more_bytes_than_the_rate_is_told_so_by_whichever_connection() throws Exception {
        Map<String, String> settings = Map.of(
                "parley.limits.message-size", "16KB",
                "parley.limits.inline-size", "16KB",
                "parley.limits.publish-bytes-per-second", "1",
                "parley.limits.publish-burst", "50KB");
        try (StandaloneServer server = TestServers.start(folder, settings);
                TestClient first = TestClient.open(server.uri());
                TestClient second = TestClient.open(server.uri())) {
            HttpApiClient asker = HttpApiClient.of(server);
            String publication = "{\"channel\":\"a.b\",\"data\":" + TEN_KILOBYTES + "}";
            assertThat(first.reply("publish", publication)).containsKey("published");
            assertThat(first.reply("publish", publication)).containsKey("published");
            assertThat(second.reply("publish", publication)).containsKey("published");
            assertThat(second.reply("publish", publication)).containsKey("published");
            assertThat(asker.say("a.b", TEN_KILOBYTES).statusCode()).isEqualTo(201);

            HttpResponse<String> answer = asker.say("a.b", TEN_KILOBYTES);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(HttpApiClient.problem(answer)).isEqualTo("429 too-many-publishes");
            assertThat(HttpApiClient.header(answer, "Retry-After")).isNotEmpty();
            JsonObject error = first.reply("publish", publication).getJsonObject("error");
            assertThat(error.getString("name")).isEqualTo("too-many-publishes");
            assertThat(error.getString("message")).contains("parley.limits.publish-bytes-per-second");
        }
    }

    private static HttpResponse<String> ready(StandaloneServer server) throws Exception {
        URI uri = URI.create(server.uri() + "/").resolve("/health/ready");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
