package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.api.Identity;
import dev.parley.api.Revocations;
import dev.parley.jdbc.PostgresServer;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.Figures;
import dev.parley.testing.TestTokens;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operators end what users do, over HTTP and by the Java API. */
@Timeout(120)
class RevocationIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final Map<String, String> SETTINGS = Map.of("parley.auth.secret", SECRET);
    private static final String LOBBY = "chat.lobby";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestTokens tokens = new TestTokens();
    private final String ann = token("ann", Instant.now().minusSeconds(5));
    private final String oscar = token("oscar", Instant.now().minusSeconds(5), "operator");

    @TempDir
    private Path folder;

    @Test
    void a_user_is_gone_from_every_channel_and_cannot_come_back_with_the_same_token() throws Exception {
        try (StandaloneServer server = start("data", SETTINGS);
                TestClient bob = connected(server, token("bob", Instant.now()));
                TestClient one = connected(server, ann);
                TestClient two = connected(server, ann)) {
            bob.subscribe(LOBBY);
            bob.subscribe("chat.other");
            // First of all: whoever is just coming in would be refused, and not disconnected
            CompletableFuture<Integer> room = enterRoom(server, ann);
            awaitPresence(bob, "join", LOBBY);
            one.subscribe(LOBBY);
            two.subscribe("chat.other");
            awaitPresence(bob, "join", "chat.other");

            Instant asked = Instant.now();
            assertThat(delete(server, "users/ann/connections", oscar).statusCode())
                    .isEqualTo(204);
            awaitPresence(bob, "leave", LOBBY);
            awaitPresence(bob, "leave", "chat.other");
            Figures.print("A user whom an operator disconnects is gone from two channels and three connections after "
                    + Duration.between(asked, Instant.now()).toMillis() + " ms");

            assertThat(List.of(one.awaitClosing().code(), two.awaitClosing().code(), TestClient.await(room)))
                    .containsOnly(4104);
            assertThat(bob.isOpen()).isTrue();
            assertThat(refusal(server, ann)).isEqualTo("revoked");
            assertThat(TestClient.await(enterRoom(server, ann))).isEqualTo(4101);
            try (TestClient back = connected(server, token("ann", Instant.now().plusSeconds(2)))) {
                back.subscribe(LOBBY);
            }
        }
    }

    @Test
    void it_holds_after_a_restart() throws Exception {
        try (StandaloneServer server = start("data", SETTINGS)) {
            server.bean(Revocations.class)
                    .disconnect(Identity.SERVER, "ann")
                    .toCompletableFuture()
                    .get();
        }
        try (StandaloneServer server = start("data", SETTINGS)) {
            assertThat(refusal(server, ann)).isEqualTo("revoked");
        }
    }

    @Test
    void it_holds_on_every_node() throws Exception {
        Map<String, String> shared = new HashMap<>(SETTINGS);
        shared.put("parley.jdbc.url", PostgresServer.newDatabase());
        shared.put("parley.jdbc.user", "postgres");
        try (StandaloneServer one = start("one", shared);
                StandaloneServer other = start("other", shared);
                TestClient there = connected(other, ann)) {
            assertThat(delete(one, "users/ann/connections", oscar).statusCode()).isEqualTo(204);

            assertThat(there.awaitClosing().code()).isEqualTo(4104);
            assertThat(refusal(other, ann)).isEqualTo("revoked");
        }
    }

    @Test
    void one_subscription_ends_and_the_others_go_on() throws Exception {
        try (StandaloneServer server = start("data", SETTINGS);
                TestClient client = connected(server, ann)) {
            client.subscribe("a");
            client.subscribe("b");
            assertThat(delete(server, "users/ann/subscriptions/a", oscar).statusCode())
                    .isEqualTo(204);
            JsonObject ended = client.awaitPushes(1).get(0);
            Position published = client.publish("b", "k1", RetryingPublisher.data("k1"));

            assertThat(ended.getString("channel")).isEqualTo("a");
            assertThat(ended.getJsonObject("unsubscribed").getString("name")).isEqualTo("revoked");
            assertThat(TestClient.position(client.awaitPushes(2).get(1))).isEqualTo(published);
        }
    }

    @Test
    void nobody_but_an_operator_may() throws Exception {
        try (StandaloneServer server = start("data", SETTINGS);
                TestClient client = connected(server, ann)) {
            HttpResponse<String> nobody = delete(server, "users/ann/connections", "");
            HttpResponse<String> user = delete(server, "users/ann/connections", ann);
            HttpResponse<String> subscription = delete(server, "users/ann/subscriptions/a", ann);
            HttpResponse<String> wrong = delete(server, "users/ann/connections", oscar + "x");
            HttpResponse<String> noUser = delete(server, "users/server/connections", oscar);

            assertThat(HttpApiClient.problem(nobody)).isEqualTo("401 bad-credentials");
            assertThat(nobody.headers().allValues("WWW-Authenticate"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("Bearer");
            assertThat(HttpApiClient.problem(user)).isEqualTo("403 not-allowed");
            assertThat(user.body()).contains("parley.auth.operator-role");
            assertThat(HttpApiClient.problem(subscription)).isEqualTo("403 not-allowed");
            assertThat(HttpApiClient.problem(wrong)).isEqualTo("401 bad-signature");
            assertThat(HttpApiClient.problem(noUser)).isEqualTo("400 invalid-name");
            assertThat(client.reply("ping", "{}")).containsKey("pong");
        }
    }

    private StandaloneServer start(String name, Map<String, String> settings) {
        return TestServers.start(folder.resolve(name), settings);
    }

    private String token(String user, Instant issued, String... roles) {
        JWTClaimsSet claims =
                TestTokens.claims(user, roles).issueTime(Date.from(issued)).build();
        return tokens.signed(SECRET, claims);
    }

    private static TestClient connected(StandaloneServer server, String token) {
        TestClient client = TestClient.open(server.uri());
        assertThat(client.reply("connect", "{\"token\":\"" + token + "\"}")).containsKey("connected");
        return client;
    }

    /** The name of the error that answers a connect. */
    private static String refusal(StandaloneServer server, String token) {
        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject reply = client.reply("connect", "{\"token\":\"" + token + "\"}");
            return Optional.ofNullable(reply.getJsonObject("error"))
                    .map(error -> error.getString("name"))
                    .orElse("none");
        }
    }

    /** Completes with the code with which the server closes. */
    private static CompletableFuture<Integer> enterRoom(StandaloneServer server, String token) {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        URI uri = TestClient.webSocket(server.uri(), "chat/lobby");
        HTTP.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(uri, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        closed.complete(code);
                        return CompletableFuture.completedFuture(null);
                    }
                })
                .join();
        return closed;
    }

    private static void awaitPresence(TestClient client, String what, String channel) {
        await().atMost(TestClient.PATIENCE)
                .until(() -> client.pushes().stream()
                        .filter(push -> push.containsKey(what))
                        .filter(push ->
                                push.getJsonObject(what).getString("user").equals("ann"))
                        .anyMatch(push -> push.getString("channel").equals(channel)));
    }

    private static HttpResponse<String> delete(StandaloneServer server, String path, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve("api/" + path)).DELETE();
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
