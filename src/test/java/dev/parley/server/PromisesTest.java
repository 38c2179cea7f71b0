package dev.parley.server;

import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.testing.ScriptedTransport;
import dev.parley.testing.WireClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Parley promises, on a whole node without a network. */
class PromisesTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "parley.channels.short.history-size", "100",
            "parley.log.trim-interval", "100ms");

    @TempDir
    private Path folder;

    private TestNode node;

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }

    @BeforeEach
    void start() {
        node = new TestNode(folder, SETTINGS);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void a_published_reply_means_committed_in_order_with_a_position() {
        WireClient client = node.client();
        for (int i = 1; i <= 20; i++) {
            int id = i;
            client.publish(id, "a", Integer.toString(id));
            await().until(() -> client.isAnswered(id));

            Position position = Position.parse(client.published(id)).orElseThrow();
            assertThat(position.offset()).isEqualTo(id);
            assertThat(node.head("a").position()).isEqualTo(position);
        }
        restart();

        assertThat(history("a", 100)).isEqualTo(numbers(1, 20));
    }

    @Test
    void every_subscriber_sees_the_same_messages_in_the_same_order() throws Exception {
        List<WireClient> subscribers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            subscribers.add(subscribed("a", ""));
        }
        ExecutorService publishers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> publishing = new ArrayList<>();
            for (int p = 0; p < 4; p++) {
                int first = p * 1_000;
                publishing.add(publishers.submit(() -> IntStream.range(first, first + 250)
                        .mapToObj(i -> node.publish("a", Optional.empty(), Integer.toString(i)))
                        .toList()));
            }
            subscribers.add(subscribed("a", ",\"after\":\"0:0\""));
            for (Future<?> each : publishing) {
                each.get();
            }
        } finally {
            publishers.shutdown();
        }
        subscribers.add(subscribed("a", ",\"history\":1000"));

        List<Long> offsets = LongStream.rangeClosed(1, 1_000).boxed().toList();
        subscribers.forEach(
                subscriber -> await().until(() -> subscriber.offsets("a").equals(offsets)));
        List<String> order = subscribers.get(0).data("a");
        assertThat(subscribers)
                .allSatisfy(subscriber -> assertThat(subscriber.data("a")).isEqualTo(order));
        for (int p = 0; p < 4; p++) {
            int first = p * 1_000;
            assertThat(order.stream().map(Integer::valueOf).filter(i -> i >= first && i < first + 1_000))
                    .isSorted();
        }
    }

    @Test
    void who_comes_back_with_its_last_position_gets_exactly_what_it_missed() {
        WireClient client = subscribed("a", "");
        publish("a", 1, 10);
        await().until(() -> client.offsets("a").size() == 10);
        String last = client.messages("a").get(9).getString("position");
        client.drop();
        publish("a", 11, 1_010);
        restart();

        WireClient back = subscribed("a", ",\"after\":\"" + last + "\"");
        publish("a", 1_011, 1_011);

        await().until(() -> back.offsets("a").size() == 1_001);
        assertThat(back.data("a")).isEqualTo(numbers(11, 1_011));
        assertThat(back.reply(1).getJsonObject("subscribed").getBoolean("recovered"))
                .isTrue();
    }

    @Test
    void who_comes_back_beyond_the_history_is_told_what_is_lost() {
        Position first = publish("short.a", 1, 1);
        publish("short.a", 2, 5_000);
        await().until(() -> node.head("short.a").first() == 4_901);

        WireClient back = subscribed("short.a", ",\"after\":\"" + first + "\"");

        var subscribed = back.reply(1).getJsonObject("subscribed");
        assertThat(subscribed.getBoolean("recovered")).isFalse();
        Position before = Position.parse(subscribed.getJsonObject("lost").getString("before"))
                .orElseThrow();
        assertThat(subscribed.getJsonObject("lost").getString("after")).isEqualTo(first.toString());
        await().until(() -> back.offsets("short.a").contains(5_000L));
        assertThat(back.offsets("short.a"))
                .isEqualTo(
                        LongStream.rangeClosed(before.offset(), 5_000).boxed().toList());
    }

    @Test
    void the_position_beyond_the_head_is_told_so() {
        Position last = publish("a", 1, 5);

        WireClient client = subscribed("a", ",\"after\":\"" + last.at(9) + "\"");

        assertThat(client.reply(1).getJsonObject("subscribed").getBoolean("recovered"))
                .isFalse();
    }

    @Test
    void the_same_key_stores_one_message_also_after_a_restart_and_twenty_thousand_newer_messages() {
        Position first = keyed("k", "\"once\"");
        assertThat(keyed("k", "\"once\"")).isEqualTo(first);
        restart();
        assertThat(keyed("k", "\"once\"")).isEqualTo(first);
        publish("short.a", 2, 20_001);
        await().until(() -> node.head("short.a").first() > 19_000);
        assertThat(keyed("k", "\"once\"")).isEqualTo(first);
        restart();

        assertThat(keyed("k", "\"once\"")).isEqualTo(first);
        assertThat(node.head("short.a").last()).isEqualTo(20_001);
        CompletionStage<Position> other = node.publish("short.a", Optional.of("k"), "\"other\"");
        await().until(() -> other.toCompletableFuture().isDone());
        assertThat(refusal(other).code()).isEqualTo(ErrorCode.KEY_REUSED);
        WireClient somebodyElse = node.client();
        somebodyElse.send("{\"id\":1,\"publish\":{\"channel\":\"short.a\",\"key\":\"k\",\"data\":\"once\"}}");
        await().until(() -> somebodyElse.isAnswered(1));
        assertThat(somebodyElse.published(1)).endsWith(":20002");
    }

    @Test
    void a_client_that_never_reads_harms_only_itself() {
        WireClient deaf = subscribed("a", "");
        WireClient reader = subscribed("a", "");
        deaf.transport().mode(ScriptedTransport.Mode.LATER);
        for (int i = 2; i < 2_000; i++) {
            deaf.send("{\"id\":" + i + ",\"presence\":{\"channel\":\"a\"}}", "nonsense");
        }
        publish("a", 1, 2_000);

        await().until(() -> reader.offsets("a").size() == 2_000);
        assertThat(deaf.offsets("a")).hasSizeLessThan(2);
        Position last = node.head("a").position();
        deaf.drop();
        WireClient back = subscribed("a", ",\"after\":\"" + last.at(0) + "\"");
        await().until(() -> back.offsets("a").size() == 2_000);
        assertThat(back.data("a")).isEqualTo(reader.data("a"));
    }

    @Test
    void a_node_that_stops_tells_its_clients_to_come_back() {
        WireClient client = subscribed("a", "");

        node.close();

        assertThat(client.disconnected()).hasValue("restart");
        assertThat(node.node().connections().size()).isZero();
        assertThat(node.node().checks())
                .anySatisfy(check -> assertThat(check.toString()).contains("stopping"));
    }

    private Position keyed(String key, String json) {
        return node.publish("short.a", Optional.of(key), json)
                .toCompletableFuture()
                .join();
    }

    /** Returns the last one's position once all are committed. */
    private Position publish(String channel, int from, int to) {
        List<CompletableFuture<Position>> all = IntStream.rangeClosed(from, to)
                .mapToObj(i -> node.publish(channel, Optional.empty(), Integer.toString(i))
                        .toCompletableFuture())
                .toList();
        return all.stream().map(CompletableFuture::join).reduce((a, b) -> b).orElseThrow();
    }

    private WireClient subscribed(String channel, String start) {
        WireClient client = node.client();
        client.subscribe(1, channel, start);
        await().until(() -> client.isAnswered(1));
        assertThat(client.reply(1)).containsKey("subscribed");
        return client;
    }

    private List<String> history(String channel, int size) {
        WireClient client = subscribed(channel, ",\"history\":" + size);
        Position head = node.head(channel).position();
        await().until(() -> client.offsets(channel).contains(head.offset()));
        return client.data(channel);
    }

    private void restart() {
        node.close();
        node = new TestNode(folder, SETTINGS);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }
}
