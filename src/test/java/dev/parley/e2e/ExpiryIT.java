package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Channels;
import dev.parley.protocol.Body;
import dev.parley.protocol.Position;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.TestTokens;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that expire in the middle of a conversation. */
@Timeout(120)
class ExpiryIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String CHANNEL = "prices.gold";
    private static final int MORE = 200;

    /** Long enough for everybody to be there before it is over, on a slow machine too. */
    private static final Duration LIFE = Duration.ofSeconds(12);

    private final TestTokens tokens = new TestTokens();
    private final AtomicBoolean going = new AtomicBoolean(true);
    private volatile long head;

    @TempDir
    private Path data;

    private StandaloneServer server;

    @BeforeEach
    void start() {
        server = TestServers.start(
                data,
                Map.of(
                        "parley.auth.secret", SECRET,
                        "parley.auth.clock-skew", "0s",
                        "parley.channels.prices.subscribe", "users"));
    }

    @AfterEach
    void stop() {
        going.set(false);
        server.close();
    }

    @Test
    void who_refreshes_misses_nothing_and_who_does_not_comes_back_and_misses_nothing() throws Exception {
        Instant end = Instant.now().plus(LIFE).truncatedTo(ChronoUnit.SECONDS);
        Thread publisher = publishSteadily();
        try (TestClient refreshing = TestClient.open(server.uri());
                TestClient expiring = TestClient.open(server.uri())) {
            assertThat(connect(refreshing, end)).isEqualTo(end);
            assertThat(connect(expiring, end)).isEqualTo(end);
            Position first = TestClient.position(refreshing.subscribe(CHANNEL));
            Position second = TestClient.position(expiring.subscribe(CHANNEL));
            refreshing.awaitPushes(MORE);

            Instant later = end.plusSeconds(600);
            JsonObject refreshed = refreshing.reply("refresh", "{\"token\":\"" + token("ann", later) + "\"}");
            assertThat(refreshed.getJsonObject("refreshed").getString("expires"))
                    .isEqualTo(later.toString());
            assertThat(expiring.awaitClosing()).isEqualTo(new TestClient.Closing(4001, "token-expired; reconnect"));
            assertThat(Instant.now()).isAfter(end);

            refreshing.awaitPushes(messages(refreshing).size() + MORE);
            List<Long> seen = messages(expiring);
            try (TestClient again = TestClient.open(server.uri())) {
                connect(again, later);
                Position last = new Position(second.epoch(), seen.get(seen.size() - 1));
                JsonObject subscribed = again.subscribeAfter(CHANNEL, last);
                assertThat(subscribed.getBoolean("recovered")).isTrue();
                going.set(false);
                publisher.join();
                again.awaitPushes((int) (head - last.offset()));
                refreshing.awaitPushes((int) (head - first.offset()));
                seen = new ArrayList<>(seen);
                seen.addAll(messages(again));

                assertThat(messages(refreshing)).isEqualTo(from(first, head));
                assertThat(seen).isEqualTo(from(second, head));
            }
        }
    }

    @Test
    void a_room_whose_token_expires_is_closed_too() {
        String token = token("ann", Instant.now().plus(LIFE));
        try (TestClient room = TestClient.open(server.uri(), "/chat/lobby", "Cookie", "parley-token=" + token)) {
            room.send("{\"text\":\"hi\"}");

            JsonObject push = room.awaitPushes(1).get(0);
            for (int count = 2; !push.containsKey("text"); count++) {
                push = room.awaitPushes(count).get(count - 1);
            }
            assertThat(push.getJsonObject("from").getString("user")).isEqualTo("ann");
            assertThat(room.awaitClosing()).isEqualTo(new TestClient.Closing(4001, "token-expired; reconnect"));
        }
    }

    @Test
    void after_a_refresh_who_is_there_is_no_longer_told() {
        Map<String, List<String>> all = Map.of("subscribe", List.of("chat.*"));
        Map<String, List<String>> less = Map.of("subscribe", List.of("chat.*"), "presence", List.of());
        try (TestClient client = TestClient.open(server.uri());
                TestClient other = TestClient.open(server.uri());
                TestClient third = TestClient.open(server.uri())) {
            client.reply("connect", "{\"token\":\"" + limited(all) + "\"}");
            client.subscribe("chat.lobby");
            assertThat(client.awaitPushes(1).get(0)).containsKey("join");
            other.subscribe("chat.lobby");
            assertThat(client.awaitPushes(2)).allMatch(push -> push.containsKey("join"));

            client.reply("refresh", "{\"token\":\"" + limited(less) + "\"}");
            third.subscribe("chat.lobby");
            third.awaitPushes(1);
            third.reply("publish", "{\"channel\":\"chat.lobby\",\"data\":{\"text\":\"hi\"}}");

            assertThat(client.awaitPushes(3).get(2)).containsKey("data");
        }
    }

    private String limited(Map<String, List<String>> channels) {
        return tokens.signed(
                SECRET, TestTokens.claims("ann").claim("channels", channels).build());
    }

    @Test
    void after_a_refresh_a_subscription_that_is_no_longer_allowed_ends() {
        Instant end = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        try (TestClient client = TestClient.open(server.uri())) {
            connect(client, end);
            client.subscribe(CHANNEL);
            client.subscribe("news");
            String less = tokens.signed(
                    SECRET,
                    TestTokens.claims("ann")
                            .claim("channels", Map.of("subscribe", List.of("news")))
                            .build());

            assertThat(client.reply("refresh", "{\"token\":\"" + less + "\"}")).containsKey("refreshed");

            JsonObject ended = client.awaitPushes(1).get(0);
            assertThat(ended.getString("channel")).isEqualTo(CHANNEL);
            assertThat(ended.getJsonObject("unsubscribed").getString("name")).isEqualTo("not-allowed");
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void a_refresh_is_for_the_same_user_and_a_right_token() {
        Instant end = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        try (TestClient client = TestClient.open(server.uri())) {
            connect(client, end);
            String past = token("ann", Instant.now().minusSeconds(1));

            assertThat(error(client, token("bob", end))).isEqualTo("not-allowed");
            assertThat(error(client, past)).isEqualTo("token-expired");
            assertThat(error(client, "nonsense")).isEqualTo("bad-credentials");
            assertThat(client.reply("publish", "{\"channel\":\"news\",\"data\":1}"))
                    .containsKey("published");
        }
    }

    private static String error(TestClient client, String token) {
        return client.reply("refresh", "{\"token\":\"" + token + "\"}")
                .getJsonObject("error")
                .getString("name");
    }

    /** When it is said to expire. */
    private Instant connect(TestClient client, Instant end) {
        JsonObject connected = client.reply("connect", "{\"token\":\"" + token("ann", end) + "\"}");
        return Instant.parse(connected.getJsonObject("connected").getString("expires"));
    }

    private String token(String user, Instant end) {
        return tokens.signed(
                SECRET, TestTokens.claims(user).expirationTime(Date.from(end)).build());
    }

    /** One after the other, each when the one before is committed. */
    private Thread publishSteadily() {
        Channels channels = server.bean(Channels.class);
        Thread thread = new Thread(
                () -> {
                    for (int number = 1; going.get(); number++) {
                        head = channels.publish(CHANNEL, new Body.Json(Integer.toString(number)))
                                .toCompletableFuture()
                                .join()
                                .offset();
                    }
                },
                "publisher");
        thread.start();
        return thread;
    }

    private static List<Long> messages(TestClient client) {
        return client.pushes().stream()
                .filter(push -> push.containsKey("data"))
                .map(push -> TestClient.position(push).offset())
                .toList();
    }

    private static List<Long> from(Position start, long head) {
        return LongStream.rangeClosed(start.offset() + 1, head).boxed().toList();
    }
}
