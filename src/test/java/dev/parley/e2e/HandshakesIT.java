package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.TestTokens;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handshake shows of who a client is, at our endpoints and a team's own. */
@Timeout(120)
class HandshakesIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final TestTokens TOKENS = new TestTokens();

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = TestServers.start(
                data,
                Map.of(
                        "parley.auth.secret", SECRET,
                        "parley.channels.desk.subscribe", "users",
                        "parley.rules.staff.channels", "chat.staff-*",
                        "parley.rules.staff.subscribe", "staff"),
                DeskEndpoint.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer ", "Cookie: parley-token="})
    void a_token_of_the_handshake_is_taken_by_every_endpoint(String header) {
        String token = token("ann");

        try (TestClient channels = open("/channels", header + token);
                TestClient chat = open("/chat/lobby", header + token);
                TestClient desk = open("/desk/a", header + token)) {
            chat.send("{\"text\":\"hi\"}");

            assertThat(channels.reply("connect", "{}")
                            .getJsonObject("connected")
                            .getString("user"))
                    .isEqualTo("ann");
            assertThat(said(chat, "hi").getString("user")).isEqualTo("ann");
            assertThat(desk.awaitPushes(1).get(0).getString("user")).isEqualTo("ann");
        }
    }

    @Test
    void a_token_in_connect_wins_over_the_handshakes() {
        try (TestClient client = open("/channels", "Cookie: parley-token=" + token("ann"))) {
            JsonObject connected = client.reply("connect", "{\"token\":\"" + token("bob") + "\"}");

            assertThat(connected.getJsonObject("connected").getString("user")).isEqualTo("bob");
        }
    }

    @Test
    void the_header_wins_over_the_cookie() {
        try (TestClient client = TestClient.open(
                server.uri(),
                "/channels",
                "Authorization",
                "Bearer " + token("bob"),
                "Cookie",
                "parley-token=" + token("ann"))) {
            assertThat(client.reply("connect", "{}").getJsonObject("connected").getString("user"))
                    .isEqualTo("bob");
        }
    }

    @Test
    void nothing_of_the_address_is_taken_for_a_token() {
        String query = "?token=" + token("ann") + "&access_token=" + token("ann") + "&parley-token=" + token("ann")
                + "&Authorization=Bearer%20" + token("ann");

        try (TestClient channels = TestClient.open(server.uri(), "/channels" + query);
                TestClient chat = TestClient.open(server.uri(), "/chat/query" + query);
                TestClient desk = TestClient.open(server.uri(), "/desk/a" + query)) {
            chat.send("{\"text\":\"hi\"}");

            assertThat(channels.reply("connect", "{}")
                            .getJsonObject("connected")
                            .getString("user"))
                    .startsWith("guest-");
            assertThat(said(chat, "hi").getString("user")).startsWith("guest-");
            assertThat(desk.awaitClosing()).isEqualTo(new TestClient.Closing(4105, "not-allowed; do not reconnect"));
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "wrong, bad-signature, 4101, bad-credentials; do not reconnect",
        "expired, token-expired, 4001, token-expired; reconnect",
        "none, algorithm-not-allowed, 4101, bad-credentials; do not reconnect"
    })
    void aWrongTokenClosesARoomAndAnswersACommandWithItsCode(String kind, String name, int code, String reason) {
        String header = "Cookie: parley-token=" + wrong(kind);

        try (TestClient channels = open("/channels", header);
                TestClient chat = open("/chat/lobby", header);
                TestClient desk = open("/desk/a", header)) {
            assertThat(error(channels.reply("publish", "{\"channel\":\"chat.lobby\",\"data\":{\"text\":\"x\"}}")))
                    .isEqualTo(name);
            assertThat(error(channels.reply("connect", "{}"))).isEqualTo(name);
            assertThat(channels.reply("connect", "{\"token\":\"" + token("ann") + "\"}"))
                    .containsKey("connected");
            assertThat(chat.awaitClosing()).isEqualTo(new TestClient.Closing(code, reason));
            assertThat(desk.awaitClosing()).isEqualTo(new TestClient.Closing(code, reason));
        }
    }

    @Test
    void a_room_that_a_rule_forbids_closes_with_not_allowed() {
        try (TestClient guest = TestClient.open(server.uri(), "/chat/staff-1");
                TestClient staff = open("/chat/staff-1", "Authorization: Bearer " + token("ann", "staff"))) {
            staff.send("{\"text\":\"hi\"}");

            assertThat(said(staff, "hi").getString("user")).isEqualTo("ann");
            assertThat(guest.awaitClosing()).isEqualTo(new TestClient.Closing(4105, "not-allowed; do not reconnect"));
        }
    }

    @Test
    void a_page_of_another_origin_is_refused_though_the_browser_sends_the_cookie() throws IOException {
        String cookie = "parley-token=" + token("ann");
        String own = server.uri().toString().replaceFirst("/$", "");

        for (String path : new String[] {"/channels", "/chat/lobby", "/desk/a"}) {
            assertThat(refusal(path, "Origin", "http://evil.example", "Cookie", cookie))
                    .isEqualTo("403 Pages of this origin may not use this server; parley.origins lists who may.");
            TestClient.open(server.uri(), path, "Origin", own, "Cookie", cookie).close();
        }
    }

    @Test
    void what_is_doubled_or_no_token_refuses_the_handshake() throws IOException {
        String bearer = "Bearer " + token("ann");
        String cookie = "parley-token=" + token("ann");

        assertThat(refusal("/channels", "Authorization", bearer, "Authorization", bearer))
                .isEqualTo("400 The request has more than one Authorization header.");
        assertThat(refusal("/chat/lobby", "Cookie", cookie + "; " + cookie))
                .isEqualTo("400 The request has more than one cookie parley-token.");
        assertThat(refusal("/desk/a", "Authorization", "Bearer"))
                .isEqualTo("400 The Authorization header holds no token.");
        assertThat(refusal("/channels", "Authorization", "Bearer a b"))
                .isEqualTo("400 The Authorization header holds no token.");
    }

    /** The status and the sentence with which a handshake is refused. */
    private static String refusal(String path, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "Connection", "Upgrade",
                "Upgrade", "websocket",
                "Sec-WebSocket-Version", "13",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));
        all.addAll(List.of(headers));
        try (EventStream client = EventStream.connect(server.uri())) {
            client.ask(server.uri(), "GET " + path + " HTTP/1.1", all.toArray(String[]::new));
            String head = client.head();
            return head.substring("HTTP/1.1 ".length()).substring(0, 4)
                    + client.body(head).strip();
        }
    }

    private static TestClient open(String path, String header) {
        String[] parts = header.split(": ", 2);
        return TestClient.open(server.uri(), path, parts[0], parts[1]);
    }

    /** Who said it. */
    private static JsonObject said(TestClient room, String text) {
        for (int count = 1; ; count++) {
            JsonObject push = room.awaitPushes(count).get(count - 1);
            if (push.containsKey("text") && push.getString("text").equals(text)) {
                return push.getJsonObject("from");
            }
        }
    }

    private static String token(String user, String... roles) {
        return TOKENS.signed(SECRET, TestTokens.claims(user, roles).build());
    }

    private static String wrong(String kind) {
        return switch (kind) {
            case "wrong" ->
                TOKENS.signed("x".repeat(32), TestTokens.claims("ann").build());
            case "expired" -> TOKENS.signed(SECRET, TestTokens.expired("ann"));
            default -> TOKENS.unsigned(TestTokens.claims("ann").build());
        };
    }

    private static String error(JsonObject reply) {
        return reply.getJsonObject("error").getString("name");
    }
}
