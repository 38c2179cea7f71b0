package dev.parley.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.arquillian.Wars;
import dev.parley.clients.ChannelsClient;
import dev.parley.clients.ChannelsClient.Heard;
import dev.parley.clients.ClientContract;
import dev.parley.clients.ClientSocket;
import dev.parley.clients.SampleImages;
import dev.parley.e2e.TestClient;
import dev.parley.protocol.Position;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Channels over {@code ws /channels} and {@code ws /chat/{room}}, and what of them is fetched over HTTP. */
@ExtendWith(ArquillianExtension.class)
@Timeout(120)
class ChannelsIT {
    private static final int INLINE = 64 * 1024;
    private static final int MESSAGE_SIZE = 1_000_000;
    /** The command's own words stand in the message too. */
    private static final int MOST_DATA = MESSAGE_SIZE - 200;

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.with(Map.of(
                "parley.limits.message-size",
                Integer.toString(MESSAGE_SIZE),
                "parley.limits.subscriptions",
                "3",
                "parley.limits.commands-per-second",
                "0",
                "parley.limits.publish-bytes-per-second",
                "0",
                "parley.channels.there.presence",
                "true",
                "parley.channels.mayfly.durable",
                "false"));
    }

    @Test
    void everybody_hears_the_same_in_the_same_order() {
        String channel = "order." + UUID.randomUUID();
        try (TestClient ann = client();
                TestClient bob = client();
                TestClient eve = client()) {
            for (TestClient client : List.of(ann, bob, eve)) {
                client.subscribe(channel);
            }
            List<CompletableFuture<JsonObject>> published = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                TestClient speaker = i % 2 == 0 ? ann : bob;
                published.add(speaker.ask("publish", TestClient.publication(channel, "k" + i, "{\"n\":" + i + "}")));
            }
            published.forEach(ChannelsIT::await);

            List<JsonObject> heard = ann.awaitPushes(200);
            assertThat(numbers(heard))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 200).boxed().toList());
            assertThat(bob.awaitPushes(200)).isEqualTo(heard);
            assertThat(eve.awaitPushes(200)).isEqualTo(heard);
            assertThat(heard)
                    .extracting(push -> TestClient.position(push).offset())
                    .isEqualTo(IntStream.rangeClosed(1, 200)
                            .mapToObj(Long::valueOf)
                            .toList());
        }
    }

    @Test
    void who_comes_back_is_given_exactly_what_it_missed() {
        String channel = "resume." + UUID.randomUUID();
        Position last;
        try (TestClient publisher = client()) {
            try (TestClient client = client()) {
                client.subscribe(channel);
                publish(publisher, channel, 1, 10);
                last = TestClient.position(client.awaitPushes(10).get(4));
                client.drop();
            }
            publish(publisher, channel, 11, 200);
        }

        try (TestClient client = client()) {
            JsonObject subscribed = client.subscribeAfter(channel, last);

            assertThat(subscribed.getBoolean("recovered")).isTrue();
            assertThat(subscribed.getString("head")).isEqualTo(last.at(210).toString());
            assertThat(numbers(client.awaitPushes(205)))
                    .isEqualTo(IntStream.rangeClosed(6, 210).boxed().toList());
        }
    }

    @Test
    void who_comes_from_another_log_is_told_so() {
        String channel = "other." + UUID.randomUUID();
        try (TestClient client = client()) {
            publish(client, channel, 1, 3);

            assertThat(client.subscribeAfter(channel, new Position("another", 2))
                            .getBoolean("recovered"))
                    .isFalse();
            assertThat(numbers(client.awaitPushes(3))).containsExactly(1, 2, 3);
        }
    }

    @Test
    void the_newest_are_given_as_history_and_older_ones_read_back() {
        String channel = "past." + UUID.randomUUID();
        try (TestClient client = client()) {
            publish(client, channel, 1, 20);

            client.subscribeWithHistory(channel, 5);
            List<JsonObject> newest = client.awaitPushes(5);
            JsonObject older = client.reply(
                            "history",
                            "{\"channel\":\"" + channel + "\",\"limit\":4,\"before\":\""
                                    + newest.get(0).getString("position") + "\"}")
                    .getJsonObject("history");

            assertThat(numbers(newest)).containsExactly(16, 17, 18, 19, 20);
            assertThat(numbers(older.getJsonArray("messages").getValuesAs(JsonObject.class)))
                    .containsExactly(12, 13, 14, 15);
            assertThat(older.getBoolean("more")).isTrue();
        }
    }

    @Test
    void the_same_key_stores_one_message_and_other_content_is_an_error() {
        String channel = "keys." + UUID.randomUUID();
        try (TestClient client = client()) {
            client.subscribe(channel);

            Position first = client.publish(channel, "k", "{\"n\":1}");
            Position again = client.publish(channel, "k", "{\"n\":1}");

            assertThat(again).isEqualTo(first);
            assertThat(error(client.reply("publish", TestClient.publication(channel, "k", "{\"n\":2}"))))
                    .isEqualTo("key-reused");
            client.publish(channel, "l", "{\"n\":3}");
            assertThat(numbers(client.awaitPushes(2))).containsExactly(1, 3);
        }
    }

    @Test
    void who_is_there_is_known_and_told_of_others() {
        String channel = "there." + UUID.randomUUID();
        try (TestClient ann = client()) {
            ann.connect(Optional.empty());
            ann.subscribe(channel);
            TestClient bob = client();
            bob.reply("connect", "{\"name\":\"Bob\"}");
            bob.subscribe(channel);

            assertThat(pushed(ann, "join", "Bob")).isTrue();
            assertThat(ann.reply("presence", "{\"channel\":\"" + channel + "\"}")
                            .getJsonObject("presence")
                            .getInt("count"))
                    .isEqualTo(2);
            bob.drop();
            assertThat(pushed(ann, "leave", "Bob")).isTrue();
        }
    }

    @Test
    void a_channel_in_memory_delivers_too() {
        try (TestClient client = client()) {
            client.subscribe("mayfly.a");
            publish(client, "mayfly.a", 1, 50);

            assertThat(numbers(client.awaitPushes(50)))
                    .isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
        }
    }

    @Test
    void bytes_of_all_sizes_come_as_they_were_sent_and_large_ones_are_fetched() throws Exception {
        String channel = "chat." + UUID.randomUUID();
        byte[] small = SampleImages.png(64, 1);
        byte[] large = SampleImages.png(256, 2);
        for (ClientSocket.Client client : ClientContract.javaClients()) {
            try (ChannelsClient speaker =
                    new ChannelsClient(client.open(webSocket("channels"), Optional.of("v1.parley")))) {
                speaker.connect("Ann");
                speaker.subscribe(channel);

                speaker.publish(channel, "image/png", small);
                speaker.publish(channel, "image/png", large);

                assertThat(speaker.hear().bytes().orElseThrow()).isEqualTo(small);
                Heard named = speaker.hear();
                assertThat(named.line().getInt("size")).isEqualTo(large.length).isGreaterThan(INLINE);
                URI content = uri().resolve(named.line().getString("content"));
                assertThat(speaker.peer().fetch(content)).isEqualTo(large);
            }
        }
    }

    @Test
    void what_breaks_a_limit_or_a_rule_is_an_error_and_the_connection_goes_on() {
        try (TestClient client = client()) {
            assertThat(error(client.reply("subscribe", "{\"channel\":\"no spaces\"}")))
                    .isEqualTo("invalid-name");
            assertThat(error(client.reply("fly", "{}"))).isEqualTo("unknown-command");
            for (int i = 0; i < 3; i++) {
                client.subscribe("many." + i);
            }
            assertThat(error(client.reply("subscribe", "{\"channel\":\"many.3\"}")))
                    .isEqualTo("too-many-subscriptions");
            assertThat(error(client.reply("publish", "{\"channel\":\"chat.a\",\"data\":7}")))
                    .isEqualTo("rejected");
            client.send("not JSON");
            assertThat(error(client.awaitUnasked(1).get(0))).isEqualTo("malformed");
            assertThat(client.reply("ping", "{}")).containsKey("pong");
        }
    }

    @Test
    void a_message_of_the_largest_size_is_taken_and_one_beyond_closes1009() {
        String channel = "large." + UUID.randomUUID();
        try (TestClient client = client()) {
            String data = "\"" + "x".repeat(MOST_DATA) + "\"";
            client.subscribe(channel);

            client.publish(channel, "k", data);

            JsonObject mention = client.awaitPushes(1).get(0);
            assertThat(mention.getString("type")).isEqualTo("application/json");
            assertThat(mention.getInt("size")).isEqualTo(data.length());
            client.send("x".repeat(MESSAGE_SIZE + 1));
            assertThat(client.awaitClosing().code()).isEqualTo(1009);
        }
    }

    @Test
    void who_does_not_speak_the_sub_protocol_is_closed_with_its_code() throws Exception {
        dev.parley.standalone.RecordingWebSocket client =
                new dev.parley.standalone.RecordingWebSocket(webSocket("channels"));

        assertThat(client.closed.get()).startsWith("4102 no-sub-protocol; do not reconnect");
    }

    @Test
    void a_room_is_heard_by_its_own_clients_and_by_those_of_channels() {
        String room = UUID.randomUUID().toString();
        try (TestClient ann = TestClient.open(uri(), "/chat/" + room + "?name=Ann");
                TestClient channels = client()) {
            channels.subscribe("chat." + room);
            ann.awaitPushes(1); // it has joined
            ann.send("{\"text\":\"hi\"}");

            assertThat(said(ann, "hi").getJsonObject("from").getString("name")).isEqualTo("Ann");
            Position position = TestClient.position(said(ann, "hi"));
            assertThat(message(channels).getJsonObject("data").getString("text"))
                    .isEqualTo("hi");
            assertThat(TestClient.position(message(channels))).isEqualTo(position);
            try (TestClient late = TestClient.open(uri(), "/chat/" + room + "?history=10")) {
                assertThat(TestClient.position(said(late, "hi"))).isEqualTo(position);
            }
        }
    }

    @Test
    void a_room_that_cannot_be_is_closed_with_its_code() {
        try (TestClient client = TestClient.open(uri(), "/chat/" + "x".repeat(300))) {
            assertThat(client.awaitClosing()).isEqualTo(new TestClient.Closing(4103, "bad-request; do not reconnect"));
        }
    }

    @Test
    void operators_are_told_that_it_is_ready() throws Exception {
        HttpResponse<String> ready = get("health/ready");

        assertThat(ready.body()).contains("\"status\":\"UP\"").doesNotContain("DOWN");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(get("health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void the_page_and_its_scripts_are_there_under_their_policy() throws Exception {
        HttpResponse<String> page = get("");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Parley</title>");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'self'; ")
                .doesNotContain("unsafe");
        HttpResponse<String> script = get("client/parley.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.body()).contains("export class Parley");
        assertThat(script.headers().firstValue("Content-Type").orElseThrow()).contains("javascript");
        assertThat(get("WEB-INF/web.xml").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri() {
        return URI.create(base.toString());
    }

    private URI webSocket(String path) {
        return TestClient.webSocket(uri(), path);
    }

    private TestClient client() {
        return TestClient.open(uri());
    }

    private static void publish(TestClient publisher, String channel, int from, int count) {
        IntStream.range(from, from + count)
                .mapToObj(
                        n -> publisher.ask("publish", TestClient.publication(channel, "key" + n, "{\"n\":" + n + "}")))
                .toList()
                .forEach(ChannelsIT::await);
    }

    private static void await(CompletableFuture<JsonObject> reply) {
        assertThat(reply.orTimeout(60, java.util.concurrent.TimeUnit.SECONDS).join())
                .containsKey("published");
    }

    private static List<Integer> numbers(List<JsonObject> messages) {
        return messages.stream()
                .map(message -> message.getJsonObject("data").getInt("n"))
                .toList();
    }

    private static String error(JsonObject reply) {
        return reply.getJsonObject("error").getString("name");
    }

    /** Waits until it is. */
    private static boolean pushed(TestClient client, String what, String name) {
        for (int count = 1; ; count++) {
            JsonObject push = client.awaitPushes(count).get(count - 1);
            if (push.containsKey(what)
                    && push.getJsonObject(what).getString("name", "").equals(name)) {
                return true;
            }
        }
    }

    /** The first that it was given; what comes of presence is passed over. */
    private static JsonObject message(TestClient client) {
        for (int count = 1; ; count++) {
            JsonObject push = client.awaitPushes(count).get(count - 1);
            if (push.containsKey("data")) {
                return push;
            }
        }
    }

    private static JsonObject said(TestClient room, String text) {
        for (int count = 1; ; count++) {
            JsonObject push = room.awaitPushes(count).get(count - 1);
            if (push.containsKey("text") && push.getString("text").equals(text)) {
                return push;
            }
        }
    }
}
