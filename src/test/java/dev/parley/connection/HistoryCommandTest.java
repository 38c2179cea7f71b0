package dev.parley.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.ChannelPolicy.Action;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.testing.ManualNode;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.WireClient;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client is answered that asks for older messages. */
class HistoryCommandTest {
    private final ManualNode node = new ManualNode();
    private final AtomicInteger looked = new AtomicInteger();
    private volatile Predicate<String> allowed = channel -> !channel.equals("secret");
    private WireClient client;

    @BeforeEach
    void connect() {
        node.policy = (identity, action, channel) ->
                action != Action.HISTORY || (looked.incrementAndGet() > 0 && allowed.test(channel));
        client = new WireClient(node.connections());
    }

    @Test
    void older_messages_come_in_order_up_to_the_one_that_is_known() {
        node.publish("a", 1, 20);

        JsonObject reply = ask(1, "\"channel\":\"a\",\"before\":\"e1:11\",\"limit\":3");

        assertThat(data(reply)).containsExactly("8", "9", "10");
        assertThat(reply.getBoolean("more")).isTrue();
        JsonObject message = reply.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getString("channel")).isEqualTo("a");
        assertThat(message.getString("position")).isEqualTo("e1:8");
        assertThat(message.getJsonObject("from").getString("user")).isEqualTo("server");
    }

    @Test
    void the_beginning_is_told() {
        node.publish("a", 1, 20);

        JsonObject reply = ask(1, "\"channel\":\"a\",\"before\":\"e1:3\"");

        assertThat(data(reply)).containsExactly("1", "2");
        assertThat(reply.getBoolean("more")).isFalse();
    }

    @Test
    void without_a_place_the_newest_fifty_come() {
        node.publish("a", 1, 60);

        JsonObject reply = ask(1, "\"channel\":\"a\"");

        assertThat(data(reply))
                .isEqualTo(IntStream.rangeClosed(11, 60)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(reply.getBoolean("more")).isTrue();
    }

    @Test
    void what_the_history_no_longer_holds_is_not_promised() {
        node.publish("a", 1, 20);
        node.log.trimTo("a", 9);

        JsonObject reply = ask(1, "\"channel\":\"a\",\"before\":\"e1:12\"");

        assertThat(data(reply)).containsExactly("9", "10", "11");
        assertThat(reply.getBoolean("more")).isFalse();
        assertThat(data(ask(2, "\"channel\":\"a\",\"before\":\"e1:5\""))).isEmpty();
    }

    @Test
    void a_reply_holds_as_many_as_fit_the_client() {
        client.send("{\"id\":1,\"connect\":{\"max-message\":1024}}");
        for (int i = 0; i < 20; i++) {
            node.say("a", "\"" + "é".repeat(100) + "\"");
        }

        List<String> seen = new ArrayList<>();
        JsonObject reply = ask(2, "\"channel\":\"a\"");
        for (int id = 3; reply.getBoolean("more"); id++) {
            int size = size(client.reply(id - 1));
            int another = size(reply.getJsonArray("messages").getJsonObject(0)) + 1;
            assertThat(size).isBetween(1024 - another + 1, 1024);
            seen.addAll(0, positions(reply));
            reply = ask(id, "\"channel\":\"a\",\"before\":\"" + seen.get(0) + "\"");
        }
        seen.addAll(0, positions(reply));

        assertThat(seen)
                .isEqualTo(IntStream.rangeClosed(1, 20)
                        .mapToObj(offset -> "e1:" + offset)
                        .toList());
    }

    @Test
    void a_policy_that_waits_holds_up_nobody_else() throws InterruptedException {
        node.publish("a", 1, 1);
        CountDownLatch decided = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(Runtime.getRuntime().availableProcessors());
        allowed = channel -> !channel.equals("slow") || isLetGo(asked, decided);
        List<Thread> waiting = Stream.generate(() -> new Thread(
                        () -> new WireClient(node.connections()).send("{\"id\":1,\"history\":{\"channel\":\"slow\"}}")))
                .limit(asked.getCount())
                .toList();
        try {
            waiting.forEach(Thread::start);
            assertThat(asked.await(15, TimeUnit.SECONDS)).isTrue();

            assertThat(data(ask(1, "\"channel\":\"a\""))).containsExactly("1");
        } finally {
            decided.countDown();
            for (Thread thread : waiting) {
                thread.join();
            }
        }
    }

    private static boolean isLetGo(CountDownLatch asked, CountDownLatch decided) {
        asked.countDown();
        try {
            return decided.await(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_message_larger_than_the_client_takes_is_mentioned() {
        client.send("{\"id\":1,\"connect\":{\"max-message\":1024}}");
        node.say("a", "\"" + "x".repeat(5_000) + "\"");

        JsonObject reply = ask(2, "\"channel\":\"a\"");

        JsonObject message = reply.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getString("type")).isEqualTo("application/json");
        assertThat(message.getInt("size")).isEqualTo(5_002);
        assertThat(message).doesNotContainKey("data");
        assertThat(message.getString("content")).isEqualTo("api/channels/a/messages/e1:1/content");
    }

    @Test
    void bytes_are_mentioned() {
        var unused =
                node.channels().publish("typing.a", new Body.Binary("image/png", Bytes.wrap(new byte[] {1, 2, 3})));
        node.run();

        JsonObject message =
                ask(1, "\"channel\":\"typing.a\"").getJsonArray("messages").getJsonObject(0);

        assertThat(message.getString("type")).isEqualTo("image/png");
        assertThat(message.getInt("size")).isEqualTo(3);
        assertThat(message.getString("content"))
                .isEqualTo("api/channels/typing.a/messages/" + message.getString("position") + "/content");
    }

    @Test
    void a_transient_channel_has_what_memory_holds() {
        node.publish("typing.a", 1, 20);

        JsonObject reply = ask(1, "\"channel\":\"typing.a\",\"limit\":3");

        assertThat(data(reply)).containsExactly("18", "19", "20");
        assertThat(reply.getBoolean("more")).isTrue();
    }

    @Test
    void who_does_not_read_the_replies_has_no_more_of_them_made() {
        node.publish("a", 1, 60);
        client.send("{\"id\":1,\"connect\":{\"max-message\":4096}}");
        client.transport().mode(ScriptedTransport.Mode.LATER);
        for (int id = 2; id < 200; id++) {
            command(id, "\"channel\":\"a\"");
        }
        assertThat(looked).hasPositiveValue().hasValueLessThan(5);

        for (int id = 2; id < 200; id++) {
            client.transport().complete();
            node.run();
            assertThat(client.reply(id).getJsonObject("history").getBoolean("more"))
                    .isTrue();
        }
        assertThat(looked).hasValue(198);
    }

    @Test
    void an_empty_channel_has_no_past() {
        JsonObject reply = ask(1, "\"channel\":\"none\"");

        assertThat(data(reply)).isEmpty();
        assertThat(reply.getBoolean("more")).isFalse();
        assertThat(data(ask(2, "\"channel\":\"none\",\"before\":\"0:0\""))).isEmpty();
    }

    @Test
    void before_a_place_of_an_epoch_that_was_left_comes_what_the_log_still_has_of_it() {
        node.publish("a", 1, 20);
        node.log.failOver("a", 10);
        node.publish("a", 101, 110);

        assertThat(data(ask(1, "\"channel\":\"a\",\"before\":\"e1:10\",\"limit\":3")))
                .containsExactly("7", "8", "9");
        assertThat(data(ask(2, "\"channel\":\"a\",\"before\":\"e1:18\",\"limit\":3")))
                .containsExactly("8", "9", "10");
        assertThat(data(ask(3, "\"channel\":\"a\",\"before\":\"e2:13\",\"limit\":3")))
                .containsExactly("10", "101", "102");
    }

    @Test
    void a_place_of_another_life_of_the_log_is_not_found() {
        node.publish("a", 1, 3);
        node.log.lose("a");
        node.publish("a", 1, 3);
        command(1, "\"channel\":\"a\",\"before\":\"e1:3\"");

        assertThat(client.error(1)).isEqualTo("not-found");
    }

    @Test
    void who_may_not_see_the_history_is_refused() {
        command(1, "\"channel\":\"secret\"");

        assertThat(client.error(1)).isEqualTo("not-allowed");
    }

    @Test
    void a_limit_of_nothing_is_malformed() {
        command(1, "\"channel\":\"a\",\"limit\":0");

        assertThat(client.error(1)).isEqualTo("malformed");
    }

    @Test
    void commands_behind_it_wait_for_it() {
        node.publish("a", 1, 3);
        node.executors.reads().hold();
        client.send("{\"id\":1,\"history\":{\"channel\":\"a\"}}", "{\"id\":2,\"ping\":{}}");
        assertThat(client.lines()).isEmpty();
        node.executors.reads().letGo();
        node.run();

        assertThat(client.lines()).extracting(line -> line.getInt("id")).containsExactly(1, 2);
    }

    private void command(int id, String members) {
        client.send("{\"id\":" + id + ",\"history\":{" + members + "}}");
        node.run();
    }

    private JsonObject ask(int id, String members) {
        command(id, members);
        return client.reply(id).getJsonObject("history");
    }

    private static List<String> positions(JsonObject reply) {
        return reply.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .map(message -> message.getString("position"))
                .toList();
    }

    private static int size(JsonObject line) {
        return line.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> data(JsonObject reply) {
        return reply.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .map(message -> message.get("data").toString())
                .toList();
    }
}
