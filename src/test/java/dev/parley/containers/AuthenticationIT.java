package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.arquillian.Wars;
import dev.parley.e2e.TestClient;
import dev.parley.testing.TestTokens;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in, who somebody is, and what they may do. */
@ExtendWith(ArquillianExtension.class)
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthenticationIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final TestTokens TOKENS = new TestTokens();
    private static final int PER_ADDRESS = 8;

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.with(Map.of(
                "parley.auth.secret", SECRET,
                "parley.channels.desk.subscribe", "users",
                "parley.channels.desk.history", "operator",
                "parley.channels.desk.publish", "operator",
                "parley.channels.desk.presence", "users",
                "parley.rules.staff.channels", "chat.staff-*",
                "parley.rules.staff.subscribe", "staff",
                "parley.limits.connections-per-address", Integer.toString(PER_ADDRESS)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "guest,        not-allowed,   not-allowed,   not-allowed,   not-allowed",
        "user,         ok,            not-allowed,   not-allowed,   ok",
        "operator,     ok,            ok,            ok,            ok",
        "expired,      token-expired, token-expired, token-expired, token-expired",
        "wrong key,    bad-signature, bad-signature, bad-signature, bad-signature"
    })
    void rulesHoldWhereverTheTokenComesFrom(
            String who, String subscribe, String history, String publish, String presence) {
        for (String carrier : List.of("header", "cookie", "connect")) {
            try (TestClient client = client(carrier, token(who))) {
                assertThat(word(client.reply("subscribe", "{\"channel\":\"desk.a\"}")))
                        .isEqualTo(subscribe);
                assertThat(word(client.reply("history", "{\"channel\":\"desk.a\"}")))
                        .isEqualTo(history);
                assertThat(word(client.reply("publish", "{\"channel\":\"desk.a\",\"data\":1}")))
                        .isEqualTo(publish);
                assertThat(word(client.reply("presence", "{\"channel\":\"desk.a\"}")))
                        .isEqualTo(presence);
            }
        }
    }

    @Test
    void a_token_of_the_handshake_names_the_user_of_a_room() {
        try (TestClient room = open("/chat/" + UUID.randomUUID(), "Cookie", "parley-token=" + token("user"))) {
            room.send("{\"text\":\"hi\"}");

            assertThat(said(room, "hi").getString("user")).isEqualTo("ann");
        }
    }

    @Test
    void a_room_that_a_rule_forbids_closes_with_its_code() {
        try (TestClient guest = open("/chat/staff-1")) {
            assertThat(guest.awaitClosing()).isEqualTo(new TestClient.Closing(4105, "not-allowed; do not reconnect"));
        }
    }

    @Test
    void an_expired_token_closes_a_room_with_a_code_that_says_to_come_back() {
        try (TestClient room = open("/chat/lobby", "Authorization", "Bearer " + token("expired"))) {
            assertThat(room.awaitClosing()).isEqualTo(new TestClient.Closing(4001, "token-expired; reconnect"));
        }
    }

    @Test
    void a_handshake_of_another_origin_or_with_two_tokens_is_refused_before_it_is_a_websocket() {
        String cookie = "parley-token=" + token("user");
        String own = base.toString().replaceFirst("/parley/$", "").replaceFirst("/$", "");

        assertRefused(403, () -> open("/channels", "Origin", "http://evil.example", "Cookie", cookie));
        assertRefused(403, () -> open("/chat/lobby", "Origin", "null"));
        assertRefused(400, () -> open("/channels", "Cookie", cookie + "; " + cookie));
        assertRefused(400, () -> open("/channels", "Authorization", "Bearer a b"));
        open("/channels", "Origin", own, "Cookie", cookie).close();
    }

    /** The last, since its places are free again only a while after it has ended. */
    @Test
    @Order(Integer.MAX_VALUE)
    void one_address_has_no_more_websockets_than_it_may_and_a_place_that_is_given_up_is_free() {
        List<TestClient> open = new ArrayList<>();
        await().atMost(TestClient.PATIENCE).until(() -> areAll(open));

        assertRefused(429, () -> open("/channels"));
        assertRefused(429, () -> open("/echo"));
        open.remove(0).close();
        open.remove(0).drop();
        await().atMost(TestClient.PATIENCE).until(() -> areAll(open));
        assertRefused(429, () -> open("/chat/lobby"));
        open.forEach(TestClient::drop);
    }

    @Test
    void an_operator_ends_what_a_user_does() throws Exception {
        // What is withdrawn of hers would be missing to the tests that begin in the same second
        URI connections = base.toURI().resolve("api/users/zoe/connections");
        String token = TOKENS.signed(SECRET, TestTokens.claims("zoe").build());
        try (TestClient zoe = client("header", token)) {
            zoe.reply("connect", "{}");

            assertThat(delete(connections, token("user"))).isEqualTo("403 not-allowed");
            assertThat(delete(connections, token("operator"))).isEqualTo("204");

            assertThat(zoe.awaitClosing()).isEqualTo(new TestClient.Closing(4104, "revoked; do not reconnect"));
        }
        try (TestClient fresh = client("connect", later("zoe"))) {
            assertThat(word(fresh.reply("ping", "{}"))).isEqualTo("ok");
        }
    }

    /** Opens what is missing, of every kind; false when there is no place yet, since others have not given theirs back. */
    private boolean areAll(List<TestClient> open) {
        open.removeIf(client -> !client.isOpen());
        try {
            while (open.size() < PER_ADDRESS) {
                String path = List.of("/channels", "/chat/lobby", "/echo").get(open.size() % 3);
                TestClient client = open(path);
                if (!isServed(client, path)) {
                    return false;
                }
                open.add(client);
            }
            return open.stream().allMatch(TestClient::isOpen);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Who gets a place no more is a WebSocket first, and then told to go. */
    private static boolean isServed(TestClient client, String path) {
        if (path.startsWith("/chat/")) {
            await().atMost(TestClient.PATIENCE)
                    .until(() -> !client.isOpen() || !client.pushes().isEmpty());
            return client.isOpen();
        }
        return !client.reply("ping", "{}").isEmpty();
    }

    /**
     * The status, and the name of a problem. The connection ends with it: one that is kept alive has a place, which others
     * would have to wait for.
     */
    private static String delete(URI uri, String token) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod("DELETE");
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Connection", "close");
        int status = connection.getResponseCode();
        if (status < 400) {
            return "" + status;
        }
        assertThat(connection.getContentType()).isEqualTo("application/problem+json");
        try (JsonReader body = Json.createReader(connection.getErrorStream())) {
            return status + " " + body.readObject().getString("name");
        }
    }

    private TestClient client(String carrier, String token) {
        if (token.isEmpty()) {
            return open("/channels");
        }
        if (carrier.equals("connect")) {
            TestClient client = open("/channels");
            client.send("{\"id\":0,\"connect\":{\"token\":\"" + token + "\"}}");
            return client;
        }
        return carrier.equals("header")
                ? open("/channels", "Authorization", "Bearer " + token)
                : open("/channels", "Cookie", "parley-token=" + token);
    }

    private TestClient open(String path, String... headers) {
        return TestClient.open(URI.create(base.toString()), path, headers);
    }

    private static String token(String who) {
        return switch (who) {
            case "guest" -> "";
            case "user" -> TOKENS.signed(SECRET, TestTokens.claims("ann").build());
            case "operator" ->
                TOKENS.signed(SECRET, TestTokens.claims("olga", "operator").build());
            case "expired" -> TOKENS.signed(SECRET, TestTokens.expired("ann"));
            case "wrong key" ->
                TOKENS.signed("x".repeat(32), TestTokens.claims("ann").build());
            default -> throw new IllegalArgumentException(who);
        };
    }

    /** Issued when what was issued before is withdrawn. */
    private static String later(String user) {
        return TOKENS.signed(
                SECRET,
                TestTokens.claims(user)
                        .issueTime(Date.from(Instant.now().plusSeconds(30)))
                        .build());
    }

    private static String word(JsonObject reply) {
        return Optional.ofNullable(reply.getJsonObject("error"))
                .map(error -> error.getString("name"))
                .orElse("ok");
    }

    private static JsonObject said(TestClient room, String text) {
        for (int count = 1; ; count++) {
            JsonObject push = room.awaitPushes(count).get(count - 1);
            if (push.containsKey("text") && push.getString("text").equals(text)) {
                return push.getJsonObject("from");
            }
        }
    }

    private static void assertRefused(int status, ThrowingCallable handshake) {
        assertThatThrownBy(handshake).rootCause().hasMessage("Unexpected HTTP response status code " + status);
    }
}
