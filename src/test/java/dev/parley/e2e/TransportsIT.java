package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.connection.Connections;
import dev.parley.connection.Pings;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import dev.parley.standalone.StandaloneServer;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same conversation, and so the same tests, whatever carries it: behaviour x transport. */
@Timeout(120)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TransportsIT {
    private static final int LIMIT = 200_000;

    private static StandaloneServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.limits.message-size", Integer.toString(LIMIT),
                        "parley.channels.seen.presence", "true",
                        "parley.channels.short.history-size", "10",
                        "parley.channels.closed.subscribe", "nobody",
                        "parley.channels.mute.publish", "nobody"),
                Duration.ofMillis(100),
                Pings.DEFAULTS.held());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nobodyIsLeft() {
        await().atMost(TestClient.PATIENCE)
                .until(() -> server.bean(Connections.class).size() == 0);
    }

    @ParameterizedTest(name = "order over {0}")
    @EnumSource
    void order(TransportKind transport) throws Exception {
        try (TransportKind.Client reader = transport.open(server.uri());
                TransportKind.Client publisher = TransportKind.WEBSOCKET.open(server.uri())) {
            String channel = "order." + transport;
            reader.read(Start.now(channel), false);
            for (int i = 1; i <= 300; i++) {
                publisher.publish(channel, Optional.empty(), Integer.toString(i));
            }
            List<JsonObject> given = take(reader, 300);

            assertThat(TransportKind.offsets(given))
                    .isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
            assertThat(given.stream().map(push -> push.getInt("data")))
                    .isEqualTo(IntStream.rangeClosed(1, 300).boxed().toList());
        }
    }

    @ParameterizedTest(name = "resume over {0}")
    @EnumSource
    void resume(TransportKind transport) throws Exception {
        String channel = "resume." + transport;
        Position last;
        try (TransportKind.Client reader = transport.open(server.uri())) {
            reader.read(Start.now(channel), false);
            reader.publish(channel, Optional.empty(), "1");
            last = TestClient.position(reader.next("data"));
        }
        try (TransportKind.Client reader = transport.open(server.uri())) {
            for (int i = 2; i <= 200; i++) {
                reader.publish(channel, Optional.empty(), Integer.toString(i));
            }
            JsonObject cursor = reader.read(Start.after(channel, last), false);

            assertThat(cursor.getBoolean("recovered")).isTrue();
            assertThat(TransportKind.offsets(take(reader, 199)))
                    .isEqualTo(LongStream.rangeClosed(2, 200).boxed().toList());
        }
    }

    @ParameterizedTest(name = "resume where the history has gone on over {0}")
    @EnumSource
    void lost(TransportKind transport) throws Exception {
        String channel = "short." + transport;
        try (TransportKind.Client reader = transport.open(server.uri())) {
            Position first = reader.publish(channel, Optional.empty(), "1");
            for (int i = 2; i <= 60; i++) {
                reader.publish(channel, Optional.empty(), Integer.toString(i));
            }
            // What is too much is removed once a second
            await().atMost(TestClient.PATIENCE)
                    .until(() -> reader.history(channel, Optional.empty(), 100)
                                    .getJsonArray("messages")
                                    .size()
                            == 10);

            JsonObject cursor = reader.read(Start.after(channel, first), false);

            assertThat(cursor.getBoolean("recovered")).isFalse();
            assertThat(cursor.getJsonObject("lost").getString("after")).isEqualTo(first.toString());
            assertThat(TransportKind.offsets(take(reader, 10)))
                    .isEqualTo(LongStream.rangeClosed(51, 60).boxed().toList());
        }
    }

    @ParameterizedTest(name = "history over {0}")
    @EnumSource
    void history(TransportKind transport) throws Exception {
        String channel = "history." + transport;
        try (TransportKind.Client reader = transport.open(server.uri())) {
            for (int i = 1; i <= 20; i++) {
                reader.publish(channel, Optional.empty(), Integer.toString(i));
            }
            reader.read(Start.history(channel, 5), false);
            assertThat(TransportKind.offsets(take(reader, 5))).containsExactly(16L, 17L, 18L, 19L, 20L);

            JsonObject newest = reader.history(channel, Optional.empty(), 3);
            assertThat(offsets(newest)).containsExactly(18L, 19L, 20L);
            assertThat(newest.getBoolean("more")).isTrue();
            Position oldest =
                    TestClient.position(newest.getJsonArray("messages").getJsonObject(0));
            JsonObject older = reader.history(channel, Optional.of(oldest), 100);
            assertThat(offsets(older))
                    .isEqualTo(LongStream.rangeClosed(1, 17).boxed().toList());
            assertThat(older.getBoolean("more")).isFalse();
        }
    }

    @ParameterizedTest(name = "presence over {0}")
    @EnumSource
    void presence(TransportKind transport) throws Exception {
        String channel = "seen." + transport;
        try (TransportKind.Client reader = transport.open(server.uri())) {
            reader.read(Start.now(channel), true);
            await().atMost(TestClient.PATIENCE)
                    .until(() -> members(reader.presence(channel)).equals(List.of(reader.user())));
            TransportKind.Client other = transport.open(server.uri());
            other.read(Start.now(channel), false);
            other.read(Start.now("elsewhere." + transport), false);
            other.close();
            if (transport == TransportKind.WEBSOCKET || transport == TransportKind.SSE) {
                awaitNews(reader, "join", other);
                awaitNews(reader, "leave", other);
            }
            await().atMost(TestClient.PATIENCE)
                    .until(() -> members(reader.presence(channel)).equals(List.of(reader.user())));
        }
    }

    @ParameterizedTest(name = "joins and leaves over {0}")
    @EnumSource
    void joins(TransportKind transport) throws Exception {
        String channel = "seen.joins-" + transport;
        try (TransportKind.Client reader = transport.open(server.uri())) {
            reader.read(Start.now(channel), true);
            for (TransportKind others : TransportKind.values()) {
                TransportKind.Client other = others.open(server.uri());
                other.read(Start.now(channel), false);
                awaitNews(reader, "join", other);
                other.close();
                awaitNews(reader, "leave", other);
            }
        }
    }

    @ParameterizedTest(name = "publish over {0}")
    @EnumSource
    void publish(TransportKind transport) throws Exception {
        String channel = "publish." + transport;
        try (TransportKind.Client publisher = transport.open(server.uri());
                TransportKind.Client reader = TransportKind.SSE.open(server.uri())) {
            reader.read(Start.now(channel), false);
            Position position = publisher.publish(channel, Optional.empty(), "{ \"text\": \"ü\" }");

            JsonObject push = reader.next("data");
            assertThat(TestClient.position(push)).isEqualTo(position);
            assertThat(push.getJsonObject("from").getString("user")).isEqualTo(publisher.user());
            assertThat(push.get("data")).hasToString("{\"text\":\"ü\"}");
        }
    }

    @ParameterizedTest(name = "idempotency over {0}")
    @EnumSource
    void idempotency(TransportKind transport) throws Exception {
        String channel = "keys." + transport;
        try (TransportKind.Client one = transport.open(server.uri());
                TransportKind.Client two = transport.open(server.uri())) {
            Position position = one.publish(channel, Optional.of("k"), "1");

            assertThat(one.publish(channel, Optional.of("k"), "1")).isEqualTo(position);
            assertThat(two.publish(channel, Optional.of("k"), "1")).isNotEqualTo(position);
            assertThatThrownBy(() -> one.publish(channel, Optional.of("k"), "2"))
                    .isInstanceOfSatisfying(TransportKind.Refused.class, refused -> {
                        assertThat(refused.code()).isEqualTo(409);
                        assertThat(refused.name()).isEqualTo("key-reused");
                    });
            assertThat(offsets(one.history(channel, Optional.empty(), 10))).containsExactly(1L, 2L);
        }
    }

    @ParameterizedTest(name = "binary over {0}")
    @EnumSource
    void binary(TransportKind transport) throws Exception {
        String channel = "binary." + transport;
        try (TransportKind.Client client = transport.open(server.uri())) {
            client.read(Start.now(channel), false);
            Position position = client.publish(channel, "image/png", TransportKind.bytes(100_000));

            JsonObject push = client.next("type");
            assertThat(TestClient.position(push)).isEqualTo(position);
            assertThat(push.getString("type")).isEqualTo("image/png");
            assertThat(push.getInt("size")).isEqualTo(100_000);
            assertThat(HttpApiClient.of(server)
                            .get("../" + push.getString("content"))
                            .body())
                    .isEqualTo("b".repeat(100_000));
        }
    }

    @ParameterizedTest(name = "limits over {0}")
    @EnumSource
    void limits(TransportKind transport) throws Exception {
        String channel = "limits." + transport;
        try (TransportKind.Client client = transport.open(server.uri())) {
            assertRefused(
                    413, "too-large", () -> client.publish(channel, "text/plain", TransportKind.bytes(LIMIT + 1)));
            client.publish(channel, "text/plain", TransportKind.bytes(LIMIT));
            assertThat(offsets(client.history(channel, Optional.empty(), 10))).containsExactly(1L);
        }
    }

    @ParameterizedTest(name = "refusal over {0}")
    @EnumSource
    void refusal(TransportKind transport) throws Exception {
        try (TransportKind.Client client = transport.open(server.uri())) {
            assertRefused(403, "not-allowed", () -> client.read(Start.now("closed.a"), false));
            assertRefused(403, "not-allowed", () -> client.publish("mute.a", Optional.empty(), "1"));
            assertRefused(400, "invalid-name", () -> client.publish("-a", Optional.empty(), "1"));
            assertRefused(400, "invalid-name", () -> client.read(Start.now("-a"), false));
            assertRefused(403, "not-allowed", () -> client.read(Start.now("parley.revocations"), false));
        }
    }

    /** All transports at once, all published to and read from. */
    @Test
    void all_transports_see_the_same_messages_in_the_same_order() throws Exception {
        Map<TransportKind, TransportKind.Client> clients = new EnumMap<>(TransportKind.class);
        try {
            for (TransportKind transport : TransportKind.values()) {
                clients.put(transport, transport.open(server.uri()));
                clients.get(transport).read(Start.after("all.a", Position.NONE), false);
            }
            for (int i = 0; i < 50; i++) {
                for (TransportKind.Client client : clients.values()) {
                    client.publish("all.a", Optional.empty(), "\"" + client.user() + "-" + i + "\"");
                }
            }
            int all = 50 * clients.size();
            List<List<JsonObject>> seen = new ArrayList<>();
            for (TransportKind.Client client : clients.values()) {
                seen.add(take(client, all));
            }
            assertThat(TransportKind.offsets(seen.get(0)))
                    .isEqualTo(LongStream.rangeClosed(1, all).boxed().toList());
            assertThat(seen.get(0)).extracting(push -> push.getString("data")).doesNotHaveDuplicates();
            assertThat(seen).allSatisfy(one -> assertThat(one).isEqualTo(seen.get(0)));
        } finally {
            for (TransportKind.Client client : clients.values()) {
                client.close();
            }
        }
    }

    private interface Asking {
        void ask() throws Exception;
    }

    private static void assertRefused(int code, String name, Asking asking) {
        assertThatThrownBy(asking::ask).isInstanceOfSatisfying(TransportKind.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.name()).isEqualTo(name);
        });
    }

    private static List<JsonObject> take(TransportKind.Client reader, int count) throws InterruptedException {
        List<JsonObject> given = new ArrayList<>();
        while (given.size() < count) {
            given.add(reader.next("position"));
        }
        return given;
    }

    /** Of others: over WebSocket one is told of oneself too. */
    /**
     * The next join or leave of this user. Others are passed over: of the reader itself, and of those who polled: a poll
     * that was on its way when they left, over another TCP connection, brings them back for a while.
     */
    private static void awaitNews(TransportKind.Client reader, String what, TransportKind.Client of)
            throws InterruptedException {
        String user;
        do {
            user = reader.next(what).getJsonObject(what).getString("user");
        } while (!user.equals(of.user()));
    }

    private static List<String> members(JsonObject presence) {
        return presence.getJsonArray("members").getValuesAs(JsonObject.class).stream()
                .map(member -> member.getString("user"))
                .toList();
    }

    private static List<Long> offsets(JsonObject history) {
        return TransportKind.offsets(history.getJsonArray("messages").getValuesAs(JsonObject.class));
    }
}
