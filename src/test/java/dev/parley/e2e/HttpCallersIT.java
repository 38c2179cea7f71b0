package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks over HTTP: guests, and the pages of one origin or another. */
@Timeout(120)
class HttpCallersIT {
    private static final String LISTED = "https://chat.example";

    private static StandaloneServer server;

    private final HttpApiClient asker = HttpApiClient.of(server);

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServers.start(folder, Map.of("parley.origins", LISTED));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_guest_is_the_same_guest_over_every_transport() throws Exception {
        JsonObject who = HttpApiClient.json(asker.get("connection", "Parley-Name", "Ann%20%C3%84"));
        String secret = who.getString("secret");
        HttpApiClient same = HttpApiClient.of(server, "Parley-Connection", secret + ".tab-2");

        assertThat(HttpApiClient.json(same.get("connection")).getString("user")).isEqualTo(who.getString("user"));
        same.say("a.guest", "1", "Parley-Name", "Ann%20%C3%84");
        JsonObject from = HttpApiClient.json(asker.get("messages?channel=a.guest&history=1"))
                .getJsonArray("messages")
                .getJsonObject(0)
                .getJsonObject("from");
        assertThat(from.getString("user")).isEqualTo(who.getString("user"));
        assertThat(from.getString("name")).isEqualTo("Ann Ä");
        try (TestClient client = TestClient.open(server.uri())) {
            assertThat(client.reply("connect", "{\"secret\":\"" + secret + "\"}")
                            .getJsonObject("connected")
                            .getString("user"))
                    .isEqualTo(who.getString("user"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "0123456789012345678901234567890.", "01234567890123456789012345678901.a/b"})
    void what_no_answer_gave_is_no_connection(String name) throws Exception {
        HttpApiClient other = HttpApiClient.of(server, "Parley-Connection", name);

        assertThat(HttpApiClient.problem(other.get("messages?channel=a"))).isEqualTo("401 bad-credentials");
        assertThat(HttpApiClient.problem(other.get("connection"))).isEqualTo("401 bad-credentials");
        assertThat(HttpApiClient.problem(other.say("a", "1"))).isEqualTo("401 bad-credentials");
    }

    @Test
    void answers_of_a_new_client_name_its_connection_and_no_cache_keeps_them() throws Exception {
        for (HttpResponse<String> answer :
                List.of(asker.get("messages?channel=a"), asker.get("connection"), asker.say("a", "1"))) {
            assertThat(HttpApiClient.header(answer, "Parley-Connection")).hasSize(32);
            assertThat(HttpApiClient.header(answer, "Cache-Control")).isEqualTo("no-store");
            assertThat(HttpApiClient.header(answer, "Vary")).isEqualTo("Origin");
        }
        assertThat(HttpApiClient.header(asker.connected().get("messages?channel=a"), "Parley-Connection"))
                .isEmpty();
    }

    @Test
    void a_page_of_a_listed_origin_may_ask_and_read_the_answers() throws Exception {
        HttpResponse<String> preflight = raw("OPTIONS", "channels/a/messages", LISTED);
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(HttpApiClient.header(preflight, "Access-Control-Allow-Methods"))
                .isEqualTo("GET, POST, DELETE");
        assertThat(HttpApiClient.header(preflight, "Access-Control-Allow-Headers"))
                .contains("Authorization", "Idempotency-Key", "Last-Event-ID", "Parley-Connection", "Parley-Name");
        Map<String, Integer> statuses =
                Map.of("messages?channel=a", 200, "connection", 200, "messages?nonsense", 400, "nothing", 404);
        for (String path : statuses.keySet()) {
            HttpResponse<String> answer = raw("GET", path, LISTED);
            assertThat(answer.statusCode()).as(path).isEqualTo(statuses.get(path));
            assertThat(HttpApiClient.header(answer, "Access-Control-Allow-Origin"))
                    .isEqualTo(LISTED);
            assertThat(HttpApiClient.header(answer, "Access-Control-Allow-Credentials"))
                    .isEqualTo("true");
            assertThat(HttpApiClient.header(answer, "Access-Control-Expose-Headers"))
                    .isEqualTo("Location, Parley-Connection, Retry-After");
            assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
        }
    }

    @Test
    void a_page_of_another_origin_is_refused_and_told_nothing() throws Exception {
        for (String method : List.of("GET", "OPTIONS", "POST")) {
            HttpResponse<String> answer = raw(method, "messages?channel=a", "https://evil.example");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(HttpApiClient.json(answer).getString("name")).isEqualTo("not-allowed");
        }
        assertThat(raw(
                                "GET",
                                "messages?channel=a",
                                server.uri().resolve("/").toString().replaceFirst("/$", ""))
                        .headers()
                        .map())
                .doesNotContainKey("access-control-allow-origin");
    }

    /** A page's origin is a header that the JDK's client sets only when it is let. */
    private HttpResponse<String> raw(String method, String path, String origin) throws Exception {
        return asker.ask(method, path, "Origin", origin);
    }
}
