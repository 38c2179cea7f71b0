package dev.parley.e2e;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.channel.HubChannels;
import dev.parley.connection.Connections;
import dev.parley.connection.WireRepresentation;
import dev.parley.protocol.Body;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.TestTokens;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may do what, whichever way it is asked: over WebSocket with the token in {@code connect}, in the handshake's header
 * or its cookie; over the Java API; over HTTP. And whatever happens, no token stands in a log.
 */
@Timeout(120)
class RolesIT {
    private static final String TABLE = """
            who                       | subscribe             | history               | publish               | presence
            anonymous                 | not-allowed           | not-allowed           | not-allowed           | not-allowed
            user                      | ok                    | not-allowed           | not-allowed           | ok
            operator                  | ok                    | ok                    | ok                    | ok
            operator of another desk  | not-allowed           | not-allowed           | ok                    | not-allowed
            expired                   | token-expired         | token-expired         | token-expired         | token-expired
            wrong issuer              | wrong-issuer          | wrong-issuer          | wrong-issuer          | wrong-issuer
            wrong audience            | wrong-audience        | wrong-audience        | wrong-audience        | wrong-audience
            alg none                  | algorithm-not-allowed | algorithm-not-allowed | algorithm-not-allowed | algorithm-not-allowed
            HMAC with the public key  | algorithm-not-allowed | algorithm-not-allowed | algorithm-not-allowed | algorithm-not-allowed
            claims of another token   | bad-signature         | bad-signature         | bad-signature         | bad-signature
            unknown key               | unknown-key           | unknown-key           | unknown-key           | unknown-key
            a guest's name            | bad-credentials       | bad-credentials       | bad-credentials       | bad-credentials
            not a token               | bad-credentials       | bad-credentials       | bad-credentials       | bad-credentials
            """;

    private static final String CHANNEL = "desk.a";
    private static final String SECRET = "a shared secret that stands in no log";
    private static final TestTokens TOKENS = new TestTokens();
    private static final RSAKey STRANGER = TestTokens.rsa("stranger");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static CapturedLogs logs;
    private static StandaloneServer server;
    private static Path jwks;
    private static String content;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        logs = new CapturedLogs();
        jwks = Files.writeString(folder.resolve("jwks.json"), TestTokens.jwks(TestTokens.rsa(), TestTokens.ec()));
        server = TestServers.start(
                folder.resolve("data"),
                Map.of(
                        "parley.auth.jwks", jwks.toString(),
                        "parley.auth.issuer", TestTokens.ISSUER,
                        "parley.auth.audience", TestTokens.AUDIENCE,
                        "parley.auth.jwks-interval", "50ms",
                        "parley.channels.desk.subscribe", "users",
                        "parley.channels.desk.history", "operator",
                        "parley.channels.desk.publish", "operator",
                        "parley.channels.desk.presence", "users"));
        Position position = server.bean(HubChannels.class)
                .publish(CHANNEL, new Body.Json("1"))
                .toCompletableFuture()
                .get();
        content = Message.contentPath(CHANNEL, position);
    }

    @AfterAll
    static void nothingOfATokenIsInTheLogs() {
        server.close();
        logs.close();
        assertThat(TOKENS.secretParts()).hasSizeGreaterThan(20);
        assertThat(logs.lines())
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line).doesNotContain(TOKENS.secretParts()).doesNotContain(SECRET));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = TABLE, useHeadersInDisplayName = true)
    void over_websocket(String who, String subscribe, String history, String publish, String presence) {
        Map<String, String> expected = expected(subscribe, history, publish, presence);
        Optional<String> token = token(who);
        for (String carrier : token.isPresent() ? List.of("connect", "header", "cookie") : List.of("nothing")) {
            try (TestClient client = client(carrier, token.orElse(""))) {
                Map<String, String> seen = new LinkedHashMap<>();
                seen.put("subscribe", word(client.reply("subscribe", "{\"channel\":\"" + CHANNEL + "\"}")));
                client.reply("unsubscribe", "{\"channel\":\"" + CHANNEL + "\"}");
                seen.put("history", word(client.reply("subscribe", "{\"channel\":\"" + CHANNEL + "\",\"history\":1}")));
                assertThat(word(client.reply("history", "{\"channel\":\"" + CHANNEL + "\"}")))
                        .isEqualTo(history);
                seen.put("publish", word(client.reply("publish", "{\"channel\":\"" + CHANNEL + "\",\"data\":2}")));
                seen.put("presence", word(client.reply("presence", "{\"channel\":\"" + CHANNEL + "\"}")));
                assertThat(seen).as("%s, by %s", who, carrier).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = TABLE, useHeadersInDisplayName = true)
    void over_the_java_api(String who, String subscribe, String history, String publish, String presence) {
        HubChannels channels = server.bean(HubChannels.class);
        Map<String, String> seen = new LinkedHashMap<>();
        seen.put("subscribe", word(identity(who).thenCompose(caller -> subscribe(caller, Start.now(CHANNEL)))));
        seen.put("history", word(identity(who).thenCompose(caller -> subscribe(caller, Start.history(CHANNEL, 1)))));
        seen.put(
                "publish",
                word(identity(who)
                        .thenCompose(
                                caller -> channels.publish(caller, CHANNEL, Optional.empty(), new Body.Json("3")))));
        seen.put("presence", word(identity(who).thenApply(caller -> channels.presence(caller, CHANNEL))));
        assertThat(word(identity(who)
                        .thenCompose(caller -> channels.history(caller, CHANNEL, Optional.empty(), 10, 1_000))))
                .isEqualTo(history);

        assertThat(seen).isEqualTo(expected(subscribe, history, publish, presence));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = TABLE, useHeadersInDisplayName = true)
    void overHttp(String who, String subscribe, String history) throws Exception {
        Optional<String> token = token(who);
        HttpRequest.Builder bare = HttpRequest.newBuilder(server.uri().resolve(content));
        List<HttpRequest.Builder> requests = token.isEmpty()
                ? List.of(bare)
                : List.of(
                        bare.copy().header("Authorization", "Bearer " + token.get()),
                        bare.copy().header("Cookie", "a=b; parley-token=" + token.get()));
        for (HttpRequest.Builder request : requests) {
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());

            if (history.equals("ok")) {
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("1");
            } else {
                assertThat(answer.statusCode()).isEqualTo(history.equals("not-allowed") ? 403 : 401);
                assertThat(answer.body()).contains("\"name\":\"" + history + "\"");
                assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent())
                        .isEqualTo(answer.statusCode() == 401);
            }
        }
    }

    @Test
    void a_new_key_is_taken_once_it_is_published_and_without_a_restart() throws IOException {
        String token =
                TOKENS.signed(TestTokens.ec("late"), TestTokens.claims("ann").build());
        RSAKey late = TestTokens.rsa("late");
        String rotated =
                TOKENS.signed(late, TestTokens.claims("ann", "operator").build());
        assertThat(connect(token)).isEqualTo("unknown-key");
        assertThat(connect(rotated)).isEqualTo("unknown-key");

        replaceKeys(TestTokens.jwks(TestTokens.rsa(), TestTokens.ec(), late));

        await().untilAsserted(() -> assertThat(connect(rotated)).isEqualTo("ok"));
        assertThat(connect(token)).isIn("unknown-key", "bad-signature");
        assertThat(connect(TOKENS.of("ann"))).isEqualTo("ok");
    }

    @Test
    void a_shared_secret_will_do_too(@TempDir Path folder) {
        try (StandaloneServer shared = TestServers.start(folder, Map.of("parley.auth.secret", SECRET));
                TestClient client = TestClient.open(shared.uri())) {
            JWTClaimsSet claims = TestTokens.claims("ann").build();
            String wrong = TOKENS.signed("another secret, of which nobody knows", claims);

            assertThat(word(client.reply("connect", "{\"token\":\"" + wrong + "\"}")))
                    .isEqualTo("bad-signature");
            assertThat(word(client.reply("connect", "{\"token\":\"" + TOKENS.of("ann") + "\"}")))
                    .isEqualTo("algorithm-not-allowed");
            JsonObject connected = client.reply("connect", "{\"token\":\"" + TOKENS.signed(SECRET, claims) + "\"}")
                    .getJsonObject("connected");
            assertThat(connected.getString("user")).isEqualTo("ann");
            assertThat(Instant.parse(connected.getString("expires")))
                    .isEqualTo(claims.getExpirationTime()
                            .toInstant()
                            .plusSeconds(60)
                            .truncatedTo(SECONDS));
        }
    }

    /** A file is replaced in one step, as an operator should. */
    private static void replaceKeys(String text) throws IOException {
        Path fresh = Files.writeString(jwks.resolveSibling("jwks.new"), text);
        Files.move(fresh, jwks, ATOMIC_MOVE);
    }

    private static Optional<String> token(String who) {
        Instant now = Instant.now();
        return Optional.ofNullable(
                switch (who) {
                    case "anonymous" -> null;
                    case "user" -> TOKENS.of("ann");
                    case "operator" -> TOKENS.of("olga", "operator");
                    case "operator of another desk" ->
                        TOKENS.but(claims -> claims.claim("roles", List.of("operator"))
                                .claim("channels", Map.of("subscribe", List.of("desk.b"), "publish", List.of("**"))));
                    case "expired" -> TOKENS.but(claims -> claims.expirationTime(Date.from(now.minusSeconds(61))));
                    case "wrong issuer" -> TOKENS.but(claims -> claims.issuer("https://other.example"));
                    case "wrong audience" -> TOKENS.but(claims -> claims.audience("other"));
                    case "alg none" -> TOKENS.unsigned(operator());
                    case "HMAC with the public key" -> TOKENS.confused(operator());
                    case "claims of another token" -> TOKENS.forged(operator());
                    case "unknown key" -> TOKENS.signed(STRANGER, operator());
                    case "a guest's name" -> TOKENS.of("guest-5d2e", "operator");
                    case "not a token" -> "bm90LWEtdG9rZW4";
                    default -> throw new IllegalArgumentException(who);
                });
    }

    private static JWTClaimsSet operator() {
        return TestTokens.claims("mallory", "operator").build();
    }

    private static Map<String, String> expected(String subscribe, String history, String publish, String presence) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("subscribe", subscribe);
        expected.put("history", history);
        expected.put("publish", publish);
        expected.put("presence", presence);
        return expected;
    }

    private static TestClient client(String carrier, String token) {
        return switch (carrier) {
            case "header" -> TestClient.open(server.uri(), "/channels", "Authorization", "Bearer " + token);
            case "cookie" -> TestClient.open(server.uri(), "/channels", "Cookie", "parley-token=" + token);
            case "connect" -> connecting(token);
            default -> TestClient.open(server.uri());
        };
    }

    private static TestClient connecting(String token) {
        TestClient client = TestClient.open(server.uri());
        client.send("{\"id\":0,\"connect\":{\"token\":\"" + token + "\"}}");
        return client;
    }

    private static String connect(String token) {
        try (TestClient client = TestClient.open(server.uri())) {
            return word(client.reply("connect", "{\"token\":\"" + token + "\"}"));
        }
    }

    private static CompletionStage<Identity> identity(String who) {
        Credentials shown = token(who).map(Credentials::bearing).orElse(Credentials.NONE);
        return server.bean(Connections.class).identities().identify(shown).thenApply(found -> found.identity());
    }

    private static CompletionStage<?> subscribe(Identity caller, Start start) {
        return server.bean(HubChannels.class)
                .subscribe(caller, start, WireRepresentation.whole(), ready -> {})
                .thenAccept(subscription -> subscription.close());
    }

    private static String word(JsonObject reply) {
        return reply.containsKey("error") ? reply.getJsonObject("error").getString("name") : "ok";
    }

    private static String word(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
            return "ok";
        } catch (CompletionException e) {
            return ((RefusedException) e.getCause()).code().label();
        }
    }
}
