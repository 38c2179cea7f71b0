package dev.parley.channel;

import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import dev.parley.testing.TestLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The node's memory for messages is bounded, by whatever messages it is filled. */
class MemoryBoundTest {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int BUDGET = 16 * MEGABYTE;
    private static final int LARGE = 5 * MEGABYTE;
    private static final int CHANNELS = 20;
    private static final Identity ANN = new Identity("ann", Optional.empty());

    private final ManualNode node = new ManualNode();

    MemoryBoundTest() {
        HubSettings small = ManualNode.SMALL;
        node.memory = new HubSettings(
                1_000,
                MEGABYTE,
                BUDGET,
                256,
                1 << 16,
                4 * MEGABYTE,
                small.idle(),
                small.presenceGrace(),
                3,
                1_000,
                1 << 16);
        node.limits = TestLimits.messageSize(6 * MEGABYTE);
    }

    @Test
    void large_json_of_durable_channels_stays_in_the_log() {
        List<RecordingSubscriber> readers = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            readers.add(RecordingSubscriber.of(node, Start.now("a" + i)));
            node.say("a" + i, json(LARGE));
        }

        assertThat(node.hub().budget().used()).isLessThan(MEGABYTE);
        assertThat(reachable()).isLessThan(MEGABYTE);
        assertThat(readers).allSatisfy(reader -> assertThat(reader.lines()).containsExactly("bytes"));
    }

    @Test
    void large_messages_of_transient_channels_are_within_the_bound_and_the_latest_are_there() {
        for (int i = 0; i < CHANNELS; i++) {
            node.say("typing.a" + i, json(LARGE));
            assertThat(node.hub().budget().used()).isLessThanOrEqualTo(BUDGET);
            assertThat(reachable()).isLessThanOrEqualTo(BUDGET);
        }

        assertThat(content("typing.a" + (CHANNELS - 1))).isPresent();
        assertThat(content("typing.a0")).isEmpty();
    }

    @Test
    void a_message_larger_than_all_that_may_be_kept_is_not() {
        node.memory = new HubSettings(
                8,
                MEGABYTE,
                MEGABYTE,
                4,
                1 << 16,
                1 << 16,
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                3,
                10,
                1 << 16);
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("typing.a"));

        node.say("typing.a", json(LARGE));
        node.say("typing.a", "2");

        assertThat(node.hub().budget().used()).isLessThan(MEGABYTE);
        assertThat(reader.lines()).containsExactly("lost 0..2", "2");
    }

    @Test
    void many_readers_in_many_forms_are_within_the_bound() {
        List<Representation> forms = List.of(new Form(), new Form(), new Form(), new Form());
        for (int i = 0; i < 200; i++) {
            String channel = (i % 2 == 0 ? "typing.b" : "b") + i;
            List<RecordingSubscriber> readers = new ArrayList<>();
            for (Representation form : forms) {
                readers.add(RecordingSubscriber.begin(node, ANN, Start.now(channel), form));
            }
            node.run();
            for (int message = 0; message < 4; message++) {
                node.say(channel, json(60_000));
                assertThat(node.hub().budget().used()).isLessThanOrEqualTo(BUDGET);
            }
            assertThat(readers).allSatisfy(reader -> assertThat(reader.lines()).hasSize(4));
        }
        assertThat(reachable()).isLessThanOrEqualTo(BUDGET);
    }

    @Test
    void keys_of_a_transient_channel_keep_no_bodies_and_are_counted() {
        List<Position> first = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            first.add(keyed("k" + i, json(LARGE)).join());
        }

        assertThat(reachable()).isLessThanOrEqualTo(BUDGET);
        assertThat(keyed("k0", json(LARGE)).join()).isEqualTo(first.get(0));
        assertThat(refusal(keyed("k0", json(LARGE - 1))).code()).isEqualTo(ErrorCode.KEY_REUSED);
        assertThat(refusal(node.channels()
                                .publish(ANN, "typing.k", Optional.of("k0"), bytes(json(LARGE)))
                                .toCompletableFuture())
                        .code())
                .isEqualTo(ErrorCode.KEY_REUSED);

        for (int channel = 0; channel < 40; channel++) {
            for (int i = 0; i < 1_100; i++) {
                var unused = node.channels()
                        .publish(ANN, "typing.k" + channel, Optional.of("k".repeat(190) + i), new Body.Json("1"));
            }
            node.run();
            assertThat(node.hub().budget().used()).isLessThanOrEqualTo(BUDGET);
        }
    }

    @Test
    void older_history_that_is_read_is_within_the_bound_and_told_whole() {
        for (int i = 0; i < 40; i++) {
            for (int message = 0; message < 10; message++) {
                node.say("c" + i, json(60_000));
            }
        }
        for (int i = 0; i < 40; i++) {
            assertThat(RecordingSubscriber.of(node, Start.history("c" + i, 10)).lines())
                    .hasSize(10);
            assertThat(node.hub().budget().used()).isLessThanOrEqualTo(BUDGET);
        }
    }

    @Test
    void who_follows_a_channel_gets_large_json_whole_of_whatever_kind_it_is() {
        for (String channel : List.of("a", "typing.a")) {
            List<Integer> heard = new ArrayList<>();
            var following = node.channels().follow(Start.now(channel), push -> heard.add(size(push)));
            node.run();
            node.say(channel, "1");
            node.say(channel, json(LARGE));
            node.say(channel, json(100_000));
            node.say(channel, "4");

            assertThat(following.toCompletableFuture()).isCompleted();
            assertThat(heard).containsExactly(1, LARGE, 100_000, 1);
        }
    }

    private static int size(Push push) {
        return push instanceof Message message && message.body() instanceof Body.Json json ? json.weight() : -1;
    }

    private CompletableFuture<Position> keyed(String key, String json) {
        var published = node.channels().publish(ANN, "typing.k", Optional.of(key), new Body.Json(json));
        node.run();
        return published.toCompletableFuture();
    }

    private Optional<Body.Binary> content(String channel) {
        return node.hub()
                .active(channel)
                .map(live -> live.messages().head())
                .flatMap(position -> node.channels()
                        .content(ANN, channel, position)
                        .toCompletableFuture()
                        .join());
    }

    /** What messages in memory say, as it can be reached, in bytes. */
    private long reachable() {
        return node.hub().inMemory().stream()
                .flatMap(channel -> {
                    var range = channel.messages().range();
                    List<Message> all = new ArrayList<>();
                    for (long offset = range.first(); offset <= range.last(); offset++) {
                        channel.messages()
                                .find(new Position(range.epoch(), offset))
                                .ifPresent(all::add);
                    }
                    return all.stream();
                })
                .mapToLong(message -> message.body().weight())
                .sum();
    }

    private static Body bytes(String text) {
        return new Body.Binary("text/plain", Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String json(int size) {
        return "\"" + "x".repeat(size - 2) + "\"";
    }

    private static final class Form implements Representation {
        @Override
        public Optional<Encoded> encode(Push push) {
            return RecordingSubscriber.PLAIN.encode(push);
        }

        @Override
        public boolean joins() {
            return true;
        }
    }
}
