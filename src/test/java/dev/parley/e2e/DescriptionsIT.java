package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.standalone.StandaloneServer;
import dev.parley.testing.TestTokens;
import dev.parley.wire.WireWriter;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server says of itself, held against what it really sends. */
@Timeout(120)
class DescriptionsIT {
    private static final String SECRET = "a secret of at least thirty-two bytes";
    private static final String MESSAGES = "/api/channels/{channel}/messages";
    private static final String CONTENT = "/api/channels/{channel}/messages/{position}/content";

    private static StandaloneServer server;
    private static ServedDescriptions described;

    private final TestTokens tokens = new TestTokens();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = TestServers.start(
                folder,
                Map.of(
                        "parley.auth.secret", SECRET,
                        "parley.limits.message-size", "100000",
                        "parley.limits.inline-size", "1000",
                        "parley.channels.room.presence", "true",
                        "parley.channels.short.history-size", "2",
                        "parley.channels.closed.subscribe", "nobody",
                        "parley.channels.closed.publish", "nobody"));
        HttpApiClient asker = HttpApiClient.of(server);
        HttpResponse<String> openApi = asker.get("openapi.json");
        HttpResponse<String> asyncApi = asker.get("asyncapi.json");
        described = new ServedDescriptions(openApi.body(), asyncApi.body());
        described.check("get", "/api/openapi.json", openApi);
        described.check("get", "/api/asyncapi.json", asyncApi);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void they_are_of_their_versions_and_every_reference_leads_somewhere() {
        assertThat(described.openApi().get("openapi").textValue()).isEqualTo("3.1.0");
        assertThat(described.asyncApi().get("asyncapi").textValue()).isEqualTo("3.0.0");
        assertThat(described.danglingReferences()).isEmpty();
    }

    @Test
    void what_goes_over_http_is_as_described() throws Exception {
        HttpApiClient guest = HttpApiClient.of(server).connected();
        HttpApiClient nobody = HttpApiClient.of(server, "Authorization", "Bearer nonsense");

        described.check("get", "/api/connection", guest.get("connection"));
        described.check("get", "/api/connection", nobody.get("connection"));
        described.check("post", MESSAGES, guest.say("room.a", "{\"text\":\"hi\"}", "Idempotency-Key", "k"));
        described.check("post", MESSAGES, guest.say("room.a", "2", "Idempotency-Key", "k"));
        described.check("post", MESSAGES, guest.say("room.a", "{"));
        described.check("post", MESSAGES, guest.say("closed.a", "1"));
        described.check("post", MESSAGES, guest.post("room.a", "text/plain", new byte[100_001]));
        described.check("post", MESSAGES, guest.post("room.a", "nonsense", new byte[1]));
        HttpResponse<String> bytes =
                described.check("post", MESSAGES, guest.post("room.a", "image/png", new byte[5_000]));
        String content = "channels/room.a/" + HttpApiClient.header(bytes, "Location");
        described.check("get", CONTENT, guest.get(content));
        described.check("get", CONTENT, guest.get(content, "Range", "bytes=1-2"));
        described.check("get", CONTENT, guest.get(content, "Range", "bytes=5000-"));
        described.check(
                "get", CONTENT, guest.get(content, "If-None-Match", HttpApiClient.header(guest.get(content), "ETag")));
        described.check("get", CONTENT, guest.get("channels/room.a/messages/x:1/content"));

        described.check("get", "/api/messages", guest.get("messages?channel=room.a&history=9&presence=full"));
        described.check(
                "get", "/api/messages", guest.get("messages?channel=room.a&channel=closed.a&after=room.a@other:1"));
        described.check("get", "/api/messages", guest.get("messages?channel=closed.a"));
        described.check("get", "/api/messages", guest.get("messages"));
        described.check("get", MESSAGES, guest.get("channels/room.a/messages?history=9"));
        described.check("get", MESSAGES, guest.get("channels/room.a/messages?before="));
        described.check("get", MESSAGES, guest.get("channels/room.a/messages?before=other:9"));
        described.check("get", "/api/channels/{channel}/presence", guest.get("channels/room.a/presence"));
        described.check("get", "/api/events", guest.get("events"));
        described.check("delete", "/api/connection", guest.ask("DELETE", "connection"));

        HttpApiClient operator = HttpApiClient.of(
                server,
                "Authorization",
                "Bearer "
                        + tokens.signed(
                                SECRET, TestTokens.claims("oscar", "operator").build()));
        described.check("delete", "/api/users/{user}/connections", operator.ask("DELETE", "users/bob/connections"));
        described.check("delete", "/api/users/{user}/connections", guest.ask("DELETE", "users/bob/connections"));
        described.check(
                "delete",
                "/api/users/{user}/subscriptions/{channel}",
                operator.ask("DELETE", "users/bob/subscriptions/room.a"));
        described.check("get", "/api/drain", operator.get("drain"));
        described.check("get", "/api/drain", guest.get("drain"));

        assertThat(described.seen())
                .contains(
                        "publish 201",
                        "publish 400",
                        "publish 403",
                        "publish 409",
                        "publish 413",
                        "publish 415",
                        "content 200",
                        "content 206",
                        "content 304",
                        "content 404",
                        "content 416",
                        "read 200",
                        "read 400",
                        "read 403",
                        "readChannel 404",
                        "connection 401",
                        "leave 204");
    }

    @Test
    void what_is_streamed_is_as_described() throws Exception {
        HttpApiClient asker = HttpApiClient.of(server).connected();
        for (int i = 0; i < 5; i++) {
            asker.say("room.s", "{\"n\":" + i + "}");
        }
        asker.post("room.s", "image/png", new byte[10]);
        try (EventStream stream = EventStream.open(
                server.uri(),
                "/api/events?channel=room.s&channel=closed.a&history=9&presence=true",
                "Parley-Connection",
                asker.header())) {
            described.checkHttp(
                    "Subscribed", stream.nextData().orElseThrow().data().orElseThrow());
            for (int i = 0; i < 6; i++) {
                described.checkWire(
                        "Push", stream.nextData().orElseThrow().data().orElseThrow());
            }
            try (TestClient other = TestClient.open(server.uri())) {
                other.subscribe("room.s");
                described.checkWire(
                        "Push", stream.nextData().orElseThrow().data().orElseThrow());
            }
            asker.ask("DELETE", "connection");
            EventStream.Event last = stream.nextData().orElseThrow();
            while (last.name().isEmpty()) {
                described.checkWire("Push", last.data().orElseThrow());
                last = stream.nextData().orElseThrow();
            }
            assertThat(last.name()).contains("disconnect");
            described.checkWire("Disconnect", last.data().orElseThrow());
        }
    }

    @Test
    void what_goes_over_the_websocket_is_as_described() throws Exception {
        Queue<JsonObject> pushes = new ConcurrentLinkedQueue<>();
        try (TestClient client = TestClient.open(server.uri(), pushes::add)) {
            ask(client, "connect", "{\"name\":\"Ann\",\"max-message\":65536}", "connected");
            ask(client, "connect", "{}", "error");
            ask(client, "subscribe", "{\"channel\":\"room.w\",\"history\":5}", "subscribed");
            ask(client, "subscribe", "[{\"channel\":\"short.w\"},{\"channel\":\"closed.w\"}]", "subscribed");
            ask(client, "publish", "{\"channel\":\"short.w\",\"key\":\"k\",\"data\":{\"text\":\"hi\"}}", "published");
            for (int i = 0; i < 20; i++) {
                ask(client, "publish", "{\"channel\":\"short.w\",\"data\":" + i + "}", "published");
            }
            ask(client, "publish", "{\"channel\":\"closed.w\",\"data\":1}", "error");
            HttpApiClient.of(server).post("short.w", "image/png", new byte[5_000]);
            ask(client, "history", "{\"channel\":\"short.w\",\"limit\":5}", "history");
            ask(client, "presence", "{\"channel\":\"room.w\"}", "presence");
            ask(client, "refresh", "{\"token\":\"nonsense\"}", "error");
            ask(client, "ping", "{}", "pong");
            ask(client, "unsubscribe", "{\"channel\":\"room.w\"}", "unsubscribed");
            client.awaitPushes(22);
            JsonObject again =
                    ask(client, "subscribe", "{\"channel\":\"short.x\",\"after\":\"" + lost() + "\"}", "subscribed");
            assertThat(again.getJsonObject("subscribed")).containsKey("lost");
        }
        assertThat(pushes).hasSizeGreaterThan(20);
        for (JsonObject push : List.copyOf(pushes)) {
            described.checkWire("Push", push.toString());
        }
    }

    @Test
    void what_a_log_has_forgotten_is_told_as_described() throws Exception {
        HttpApiClient asker = HttpApiClient.of(server).connected();
        asker.say("room.f", "1");
        String after = "?after=" + position(asker, "room.f").at(9);

        HttpResponse<String> read =
                described.check("get", MESSAGES, asker.get("channels/room.f/messages" + after + "&wait=60"));
        assertThat(HttpApiClient.json(read).getJsonArray("channels").getJsonObject(0))
                .containsKey("forgotten");
        try (TestClient client = TestClient.open(server.uri())) {
            JsonObject subscribed = ask(
                    client,
                    "subscribe",
                    "{\"channel\":\"room.f\",\"after\":\""
                            + position(asker, "room.f").at(9) + "\"}",
                    "subscribed");
            assertThat(subscribed.getJsonObject("subscribed")).containsKey("forgotten");
        }
        Position one = new Position("e1", 1);
        Push.Range range = new Push.Range(one, one.at(2));
        List<Lineage.Ancestor> ancestors = List.of(new Lineage.Ancestor("e1", 1), new Lineage.Ancestor("e2", 3));
        described.checkWire("Push", WireWriter.write(new Push.Forgotten("room.f", range, ancestors)));
        described.checkWire(
                "Started",
                WireWriter.write(
                        new Reply.Started("room.f", one, one, false, Optional.empty(), Optional.of(range), ancestors)));
    }

    private static Position position(HttpApiClient asker, String channel) throws Exception {
        JsonObject read = HttpApiClient.json(asker.get("channels/" + channel + "/messages?history=0"));
        return Position.parse(read.getJsonArray("channels").getJsonObject(0).getString("head"))
                .orElseThrow();
    }

    /** A position that the history has passed. */
    private static String lost() throws Exception {
        HttpApiClient asker = HttpApiClient.of(server);
        String first = HttpApiClient.json(asker.say("short.x", "1")).getString("position");
        for (int i = 2; i < 20; i++) {
            asker.say("short.x", Integer.toString(i));
        }
        await().atMost(TestClient.PATIENCE)
                .until(() -> HttpApiClient.data(HttpApiClient.json(asker.get("channels/short.x/messages?before=")))
                                .size()
                        == 2);
        return first;
    }

    /** Both ways are held against the description. */
    private static JsonObject ask(TestClient client, String command, String body, String answer) throws Exception {
        described.checkWire("Command", "{\"id\":1,\"" + command + "\":" + body + "}");
        JsonObject reply = client.reply(command, body);
        assertThat(reply).containsOnlyKeys("id", answer);
        described.checkWire("Reply", reply.toString());
        return reply;
    }
}
