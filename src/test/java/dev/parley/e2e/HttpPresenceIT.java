package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.protocol.Start;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.TestTokens;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is there over HTTP, for how long, and when the server ends it. */
@Timeout(120)
class HttpPresenceIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final int MOST_ASKED = 100;

    private static StandaloneServer server;

    private final TestTokens tokens = new TestTokens();

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.auth.secret", SECRET,
                        "parley.auth.clock-skew", "0s",
                        "parley.channels.room.presence", "true",
                        "parley.channels.hidden.presence", "users"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void who_has_read_is_there_for_longer_than_a_websocket_that_has_closed_and_then_is_not(@TempDir Path folder)
            throws Exception {
        try (StandaloneServer quick = TestServers.start(
                        folder,
                        Map.of("parley.channels.room.presence", "true"),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(8));
                TransportKind.Client watcher = watcher(quick, "room.held")) {
            HttpApiClient poller = HttpApiClient.of(quick).connected();
            TransportKind.Client socket = TransportKind.WEBSOCKET.open(quick.uri());
            socket.read(Start.now("room.held"), true);
            assertThat(event(watcher, "join")).isEqualTo(socket.user());
            poller.get("messages?channel=room.held");
            assertThat(event(watcher, "join")).isEqualTo(user(poller));

            socket.close();

            assertThat(event(watcher, "leave")).isEqualTo(socket.user());
            assertThat(event(watcher, "leave")).isEqualTo(user(poller));
        }
    }

    @Test
    void who_says_that_it_leaves_is_gone_at_once_and_what_it_waits_for_ends() throws Exception {
        try (TransportKind.Client watcher = watcher("room.left")) {
            TransportKind.Client socket = TransportKind.WEBSOCKET.open(server.uri());
            socket.read(Start.now("room.left"), true);
            assertThat(event(watcher, "join")).isEqualTo(socket.user());
            HttpApiClient asker = HttpApiClient.of(server).connected();
            EventStream stream = EventStream.open(
                    server.uri(), "/api/events?channel=room.left", "Parley-Connection", asker.header());
            assertThat(event(watcher, "join")).isEqualTo(user(asker));

            socket.close();
            assertThat(asker.ask("DELETE", "connection").statusCode()).isEqualTo(204);

            assertThat(event(watcher, "leave")).isEqualTo(user(asker));
            assertThat(event(watcher, "leave")).isEqualTo(socket.user());
            stream.nextData();
            assertThat(stream.nextData().orElseThrow().name()).contains("disconnect");
            assertThat(stream.nextData()).isEmpty();
        }
    }

    @Test
    void who_reads_another_channel_has_left_the_one_before() throws Exception {
        try (TransportKind.Client watcher = watcher("room.one")) {
            HttpApiClient asker = HttpApiClient.of(server).connected();
            asker.get("messages?channel=room.one&channel=room.two");
            assertThat(event(watcher, "join")).isEqualTo(user(asker));
            TransportKind.Client socket = TransportKind.WEBSOCKET.open(server.uri());
            socket.read(Start.now("room.one"), true);
            assertThat(event(watcher, "join")).isEqualTo(socket.user());

            socket.close();
            asker.get("messages?channel=room.two");

            assertThat(event(watcher, "leave")).isEqualTo(user(asker));
            assertThat(members(asker, "room.two")).containsExactly(user(asker));
        }
    }

    @Test
    void one_user_over_both_is_one_member() throws Exception {
        try (TransportKind.Client watcher = watcher("room.both")) {
            JsonObject who = HttpApiClient.json(HttpApiClient.of(server).get("connection"));
            HttpApiClient asker = HttpApiClient.of(server, "Parley-Connection", who.getString("secret"));
            try (TestClient client = TestClient.open(server.uri())) {
                client.reply("connect", "{\"secret\":\"" + who.getString("secret") + "\"}");
                client.subscribe("room.both");
                assertThat(event(watcher, "join")).isEqualTo(who.getString("user"));
                asker.get("messages?channel=room.both");
                assertThat(members(asker, "room.both"))
                        .containsExactlyInAnyOrder(watcher.user(), who.getString("user"));
            }
            asker.ask("DELETE", "connection");
            assertThat(event(watcher, "leave")).isEqualTo(who.getString("user"));
        }
    }

    @Test
    void who_shows_no_connection_is_not_there() throws Exception {
        HttpApiClient nameless = HttpApiClient.of(server);
        nameless.get("messages?channel=room.nobody");

        assertThat(members(nameless, "room.nobody")).isEmpty();
    }

    @Test
    void a_poll_tells_who_came_since_the_one_before_and_after_a_lapse_who_is_there() throws Exception {
        HttpApiClient asker = HttpApiClient.of(server).connected();
        JsonObject first = read(asker, "room.told", "");
        assertThat(snapshot(first)).containsExactly(user(asker));

        HttpApiClient other = HttpApiClient.of(server).connected();
        other.get("messages?channel=room.told");
        String position = first.getString("position");
        JsonObject second = read(asker, "room.told", "&after=" + position);
        assertThat(second.getJsonArray("channels").getJsonObject(0)).doesNotContainKey("presence");
        assertThat(second.getJsonArray("messages")
                        .getJsonObject(0)
                        .getJsonObject("join")
                        .getString("user"))
                .isEqualTo(user(other));
        assertThat(second.getString("position")).isNotEqualTo(position);

        // The answer was lost: with the position that covers presence too it is told again
        JsonObject again = read(asker, "room.told", "&after=" + position);
        assertThat(again.getJsonArray("messages")).isEqualTo(second.getJsonArray("messages"));
        JsonObject third = read(asker, "room.told", "");
        assertThat(third.getJsonArray("messages")).isEmpty();
        assertThat(third.getJsonArray("channels").getJsonObject(0)).doesNotContainKey("presence");

        JsonObject elsewhere = read(asker, "room.told", "&after=room.told@0:0~other:7");
        assertThat(snapshot(elsewhere)).containsExactly(user(asker), user(other));
    }

    @Test
    void to_whom_presence_may_not_be_told_nothing_of_it_is_told_and_that_is_no_error() throws Exception {
        HttpApiClient asker = HttpApiClient.of(server).connected();

        HttpResponse<String> answer = asker.get("messages?channel=hidden.a&channel=none.a&presence=true");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("presence").doesNotContain("error");
        assertThat(HttpApiClient.problem(asker.get("channels/hidden.a/presence")))
                .isEqualTo("403 not-allowed");
    }

    @Test
    void a_token_says_who_one_is_and_a_connection_of_anothers_name_does_not() throws Exception {
        String ann = token("ann", 3_600);
        HttpApiClient guest = HttpApiClient.of(server).connected();
        HttpApiClient asker =
                HttpApiClient.of(server, "Parley-Connection", guest.header(), "Authorization", "Bearer " + ann);

        JsonObject who = HttpApiClient.json(asker.get("connection"));

        assertThat(who.getString("user")).isEqualTo("ann");
        assertThat(who).doesNotContainKey("secret").containsKey("expires");
        assertThat(HttpApiClient.problem(HttpApiClient.of(server, "Authorization", "Bearer nonsense")
                        .get("messages?channel=a")))
                .isEqualTo("401 bad-credentials");
        asker.get("messages?channel=room.token");
        guest.ask("DELETE", "connection");
        assertThat(members(asker, "room.token")).containsExactly("ann");
    }

    @Test
    void when_its_token_expires_a_stream_ends_with_a_word_and_a_wait_with_401() throws Exception {
        HttpApiClient asker = HttpApiClient.of(server, "Authorization", "Bearer " + token("eve", 10))
                .connectedAs();
        CompletableFuture<HttpResponse<String>> waiting = asker.later("messages?channel=a&wait=60");
        EventStream stream = EventStream.open(server.uri(), "/api/events?channel=a", "Authorization", asker.header());

        assertThat(stream.nextData().orElseThrow().name()).contains("subscribed");
        JsonObject word =
                HttpApiClient.json(stream.nextData().orElseThrow().data().orElseThrow());
        assertThat(word.getJsonObject("disconnect").getInt("code")).isEqualTo(4001);
        assertThat(stream.next()).isEmpty();
        assertThat(HttpApiClient.problem(waiting.get(60, TimeUnit.SECONDS))).isEqualTo("401 token-expired");
    }

    @Test
    void whom_an_operator_ends_is_gone_at_once_and_is_told() throws Exception {
        String oscar = signed("oscar", 3_600, "operator");
        HttpApiClient bob = HttpApiClient.of(server, "Authorization", "Bearer " + token("bob", 3_600))
                .connectedAs();
        try (TransportKind.Client watcher = watcher("room.ended")) {
            CompletableFuture<HttpResponse<String>> waiting = bob.later("messages?channel=room.ended&wait=60");
            assertThat(event(watcher, "join")).isEqualTo("bob");
            EventStream stream =
                    EventStream.open(server.uri(), "/api/events?channel=room.ended", "Authorization", bob.header());
            stream.nextData();

            TransportKind.Client socket = TransportKind.WEBSOCKET.open(server.uri());
            socket.read(Start.now("room.ended"), true);
            assertThat(event(watcher, "join")).isEqualTo(socket.user());
            socket.close();

            HttpApiClient.of(server, "Authorization", "Bearer " + oscar).ask("DELETE", "users/bob/connections");

            // At once: whoever has closed before that has its time of grace
            assertThat(event(watcher, "leave")).isEqualTo("bob");
            assertThat(event(watcher, "leave")).isEqualTo(socket.user());
            assertThat(HttpApiClient.problem(waiting.get(60, TimeUnit.SECONDS))).isEqualTo("401 revoked");
            EventStream.Event last = stream.nextData().orElseThrow();
            assertThat(last.name()).contains("disconnect");
            assertThat(HttpApiClient.json(last.data().orElseThrow())
                            .getJsonObject("disconnect")
                            .getInt("code"))
                    .isEqualTo(4104);
            assertThat(HttpApiClient.problem(bob.get("messages?channel=room.ended")))
                    .isEqualTo("401 revoked");
        }
    }

    @Test
    void who_asks_too_fast_is_told_to_wait_and_others_are_not(@TempDir Path folder) throws Exception {
        Map<String, String> settings = Map.of(
                "parley.limits.commands-per-second", "1",
                "parley.limits.subscriptions", "2",
                "parley.limits.burst", "10");
        try (StandaloneServer strict = TestServers.start(folder, settings)) {
            HttpApiClient fast = HttpApiClient.of(strict).connected();
            HttpApiClient other = HttpApiClient.of(strict).connected();
            HttpResponse<String> answer = tooFast(() -> fast.get("messages?channel=a"));
            assertThat(HttpApiClient.header(answer, "Retry-After")).isEqualTo("1");
            assertThat(HttpApiClient.json(answer).getString("detail")).contains("parley.limits.commands-per-second");
            tooFast(() -> fast.say("a", "1"));
            assertThat(other.say("a", "1").statusCode()).isEqualTo(201);
            HttpApiClient nameless = HttpApiClient.of(strict);
            tooFast(() -> nameless.get("messages?channel=a"));
            await().atMost(TestClient.PATIENCE)
                    .until(() -> fast.get("connection").statusCode() == 200);
        }
    }

    private interface Asking {
        HttpResponse<String> ask() throws Exception;
    }

    /** Asks until it is told to wait: on a slow machine one more may be let through now and then. */
    private static HttpResponse<String> tooFast(Asking asking) throws Exception {
        HttpResponse<String> answer = asking.ask();
        for (int i = 0; i < MOST_ASKED && answer.statusCode() != 429; i++) {
            answer = asking.ask();
        }
        assertThat(HttpApiClient.problem(answer)).isEqualTo("429 too-many-commands");
        return answer;
    }

    private String token(String user, long seconds) {
        return signed(user, seconds);
    }

    private String signed(String user, long seconds, String... roles) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder(
                        TestTokens.claims(user, roles).build())
                .issueTime(Date.from(Instant.now().minusSeconds(5)))
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                .build();
        return tokens.signed(SECRET, claims);
    }

    private static TransportKind.Client watcher(String channel) throws Exception {
        return watcher(server, channel);
    }

    private static TransportKind.Client watcher(StandaloneServer server, String channel) throws Exception {
        TransportKind.Client watcher = TransportKind.WEBSOCKET.open(server.uri());
        watcher.read(Start.now(channel), true);
        assertThat(event(watcher, "join")).isEqualTo(watcher.user());
        return watcher;
    }

    private static String event(TransportKind.Client watcher, String name) throws InterruptedException {
        JsonObject push = watcher.next();
        assertThat(push).containsKey(name);
        return push.getJsonObject(name).getString("user");
    }

    private static JsonObject read(HttpApiClient asker, String channel, String further) throws Exception {
        return HttpApiClient.json(asker.get("messages?channel=" + channel + "&presence=true" + further));
    }

    private static List<String> snapshot(JsonObject read) {
        return users(read.getJsonArray("channels").getJsonObject(0).getJsonObject("presence"));
    }

    private static List<String> members(HttpApiClient asker, String channel) throws Exception {
        return users(HttpApiClient.json(asker.get("channels/" + channel + "/presence")));
    }

    private static List<String> users(JsonObject presence) {
        return presence.getJsonArray("members").getValuesAs(JsonObject.class).stream()
                .map(member -> member.getString("user"))
                .toList();
    }

    private static String user(HttpApiClient asker) throws Exception {
        return HttpApiClient.json(asker.get("connection")).getString("user");
    }
}
