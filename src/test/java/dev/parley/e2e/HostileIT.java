package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.Figures;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each abuse has its own documented answer; meanwhile others publish, and all of their messages arrive. */
@Timeout(180)
class HostileIT {
    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

    /** More commands than anybody may send; few enough to be written before the server's farewell is over. */
    private static final int FLOOD = 30_000;

    private static final TestClient.Closing TOO_LARGE = new TestClient.Closing(1009, "too-large; do not reconnect");

    @TempDir
    private static Path folder;

    private static StandaloneServer server;
    private static ChannelLoad others;

    private TestClient client;

    @BeforeAll
    static void start() {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.limits.subscriptions", "8",
                        "parley.channels.others.history-size", "1000000",
                        "parley.channels.there.presence", "true"));
        others = new ChannelLoad(server::uri, "others", 2, 4);
        others.awaitMoreAcknowledged(10);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        try {
            Figures.print("beside hostile clients: " + others.assertPromisesKept());
            assertThat(others.resumed()).as("connections that were cut").isZero();
        } finally {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        client = TestClient.open(server.uri());
    }

    @AfterEach
    void othersGoOn() {
        client.close();
        others.awaitMoreAcknowledged(20);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            hello                                        | 400 | malformed
            {"id":1,"ping":                              | 400 | malformed
            []                                           | 400 | malformed
            {"ping":{}}                                  | 400 | malformed
            {"id":-1,"ping":{}}                          | 400 | malformed
            {"id":1,"ping":{},"presence":{}}             | 400 | malformed
            {"id":1,"publish":{"channel":"a"}}           | 400 | malformed
            {"id":1,"dance":{}}                          | 400 | unknown-command
            {"id":1,"publish":{"channel":"a\\u0000","data":1}}           | 400 | invalid-name
            {"id":1,"publish":{"channel":"a","key":"\\u0000","data":1}}  | 400 | invalid-name
            {"id":1,"publish":{"channel":"a","key":"\\ud800","data":1}}  | 400 | invalid-name
            {"id":1,"subscribe":{"channel":"../etc"}}    | 400 | invalid-name
            {"id":1,"unsubscribe":{"channel":"a"}}       | 404 | not-subscribed
            """)
    void a_bad_command_is_answered_and_the_connection_goes_on(String command, int code, String name) {
        CompletableFuture<JsonObject> reply = client.replyTo(1);
        client.send(command);

        JsonObject error = (command.contains("\"id\":1")
                        ? TestClient.await(reply)
                        : client.awaitUnasked(1).get(0))
                .getJsonObject("error");
        assertThat(error.getInt("code")).isEqualTo(code);
        assertThat(error.getString("name")).isEqualTo(name);
        assertThat(error.getBoolean("retry")).isFalse();
        assertGoesOn();
    }

    @Test
    void a_null_character_within_data_is_data() {
        client.subscribe("nul");
        client.publish("nul", "k", "\"a\\u0000b\"");

        assertThat(client.awaitPushes(1).get(0).getString("data")).isEqualTo("a\0b");
        CompletableFuture<JsonObject> refused = client.replyTo(900);
        client.send("{\"id\":900,\"publish\":{\"channel\":\"nul\",\"data\":\"\0\"}}");
        assertThat(TestClient.await(refused).getJsonObject("error").getString("name"))
                .isEqualTo("malformed");
    }

    @Test
    void the_lines_around_a_bad_one_are_still_carried_out() {
        CompletableFuture<JsonObject> first = client.replyTo(1_001);
        CompletableFuture<JsonObject> last = client.replyTo(1_002);
        client.send("{\"id\":1001,\"ping\":{}}\nbad\n{\"id\":1002,\"ping\":{}}");

        assertThat(TestClient.await(first)).containsKey("pong");
        assertThat(TestClient.await(last)).containsKey("pong");
        assertThat(client.awaitUnasked(1))
                .extracting(reply -> reply.getJsonObject("error").getString("name"))
                .containsExactly("malformed");
    }

    @Test
    void a_text_of_ten_megabytes_closes_1009() {
        client.send("x".repeat(TEN_MEGABYTES));
        assertThat(client.awaitClosing()).isEqualTo(TOO_LARGE);
    }

    @Test
    void a_binary_message_of_ten_megabytes_closes_1009() {
        client.send(new byte[TEN_MEGABYTES]);
        assertThat(client.awaitClosing()).isEqualTo(TOO_LARGE);
    }

    @Test
    void binary_where_text_is_due_is_malformed() {
        CompletableFuture<JsonObject> reply = client.replyTo(1_001);
        client.send(new byte[100]);
        client.send(bytes("{\"id\":1001,\"subscribe\":{\"channel\":\"a\"}}\nx"));

        assertThat(client.awaitUnasked(1).get(0).getJsonObject("error").getString("name"))
                .isEqualTo("malformed");
        assertThat(TestClient.await(reply).getJsonObject("error").getString("name"))
                .isEqualTo("malformed");
        assertGoesOn();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"Origin, http://evil.example, 403", "Origin, null, 403", "Host, evil.example, 403", "Origin, own, 101"})
    void only_a_page_of_the_server_itself_may_connect(String header, String value, String status) throws IOException {
        String own = server.uri().toString().replaceFirst("/$", "");
        try (RawWebSocketClient raw = RawWebSocketClient.open(server.uri())) {
            assertThat(raw.handshake("/channels", header + ": " + value.replace("own", own)))
                    .startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void a_frame_that_is_not_masked_closes_1002() throws IOException {
        try (RawWebSocketClient raw = RawWebSocketClient.open(server.uri())) {
            raw.handshake("/channels");
            raw.write(new byte[] {(byte) RawWebSocketClient.TEXT, 2, '{', '}'});

            assertThat(raw.nextClose().orElseThrow().code()).isEqualTo(1002);
        }
    }

    @Test
    void ten_thousand_commands_at_once_are_answered_with_too_many_commands_and_then_closed() {
        CompletableFuture<JsonObject> within = client.replyTo(100);
        CompletableFuture<JsonObject> beyond = client.replyTo(9_000);
        for (int hundred = 0; hundred < 100; hundred++) {
            client.send(IntStream.range(100 * hundred, 100 * hundred + 100)
                    .mapToObj(id -> "{\"id\":" + (100 + id) + ",\"ping\":{}}")
                    .collect(Collectors.joining("\n")));
        }

        assertThat(TestClient.await(within)).containsKey("pong");
        assertThat(client.awaitClosing()).isEqualTo(new TestClient.Closing(4004, "too-many-commands; reconnect"));
        assertThatThrownBy(() -> TestClient.await(beyond)).hasRootCauseMessage("closed 4004");
        assertThat(client.pushes().get(0).getJsonObject("disconnect").getInt("code"))
                .isEqualTo(4004);
    }

    @Test
    void commands_somewhat_faster_than_the_limit_are_refused_one_by_one(@TempDir Path own) {
        // At one a second, those that are too many are so however slow the machine is
        Map<String, String> settings = Map.of(
                "parley.limits.commands-per-second", "1",
                "parley.limits.burst", "100",
                "parley.limits.subscriptions", "8");
        try (StandaloneServer strict = TestServers.start(own, settings);
                TestClient fast = TestClient.open(strict.uri())) {
            List<CompletableFuture<JsonObject>> asked = IntStream.range(0, 150)
                    .mapToObj(i -> fast.ask("ping", "{}"))
                    .toList();
            List<JsonObject> replies = asked.stream().map(TestClient::await).toList();

            assertThat(replies.subList(0, 100)).allMatch(reply -> reply.containsKey("pong"));
            assertThat(replies)
                    .filteredOn(reply -> reply.containsKey("error"))
                    .isNotEmpty()
                    .allSatisfy(reply -> {
                        JsonObject error = reply.getJsonObject("error");
                        assertThat(error.getString("name")).isEqualTo("too-many-commands");
                        assertThat(error.getBoolean("retry")).isTrue();
                    });
            assertThat(fast.isOpen()).isTrue();
        }
    }

    @Test
    void subscribing_twice_is_told_and_the_subscription_stays() {
        client.subscribe("room");
        JsonObject reply = client.reply("subscribe", "{\"channel\":\"room\"}");
        client.publish("room", "k", "1");
        client.publish("room", "l", "2");

        assertThat(reply.getJsonObject("error").getString("name")).isEqualTo("already-subscribed");
        assertThat(client.awaitPushes(2))
                .extracting(push -> push.getInt("data"))
                .containsExactly(1, 2);
    }

    @Test
    void more_subscriptions_than_allowed_are_refused_and_those_there_are_stay() {
        String nine = IntStream.range(0, 9)
                .mapToObj(i -> "{\"channel\":\"many." + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        List<JsonObject> results =
                client.reply("subscribe", nine).getJsonArray("subscribed").getValuesAs(JsonObject.class);
        client.publish("many.7", "k", "1");

        assertThat(results.subList(0, 8)).allMatch(result -> !result.containsKey("error"));
        assertThat(results.get(8).getJsonObject("error").getString("name")).isEqualTo("too-many-subscriptions");
        assertThat(client.awaitPushes(1).get(0).getString("channel")).isEqualTo("many.7");
    }

    @Test
    void replies_that_are_not_read_end_the_connection() throws Exception {
        byte[] asking = RawWebSocketClient.frame(
                RawWebSocketClient.TEXT,
                bytes("{\"id\":1,\"presence\":{\"channel\":\"there." + "x".repeat(150) + "\"}}"));
        try (RawWebSocketClient raw = RawWebSocketClient.open(server.uri())) {
            raw.handshake("/channels");
            Thread flood = new Thread(() -> {
                try {
                    for (int i = 0; i < FLOOD; i++) {
                        raw.write(asking);
                    }
                } catch (IOException e) {
                    // the server has ended it
                }
            });
            flood.start();
            flood.join();
            raw.readFaster();

            Optional<RawWebSocketClient.Frame> close = raw.nextClose();
            assertThat(close.map(RawWebSocketClient.Frame::code))
                    .hasValueSatisfying(code -> assertThat(code).isIn(4004, 4005));
        }
    }

    @Test
    void a_half_closed_socket_is_closed_before_and_after_the_handshake() throws IOException {
        try (RawWebSocketClient early = RawWebSocketClient.open(server.uri());
                RawWebSocketClient late = RawWebSocketClient.open(server.uri())) {
            early.write(bytes("GET /channels HT"));
            early.halfClose();
            late.handshake("/channels");
            late.send("{\"id\":1,\"subscribe\":{\"channel\":\"room\"}}");
            late.next();
            late.halfClose();

            while (late.next().isPresent()) {
                // What was on the way
            }
            while (early.next().isPresent()) {
                // An answer is not due, but would do no harm
            }
        }
    }

    private void assertGoesOn() {
        assertThat(client.reply("ping", "{}")).containsKey("pong");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
