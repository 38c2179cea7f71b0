package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.log.Head;
import dev.parley.log.LogException;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node keeps in memory, and what it gives up. */
class MemoryTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Identity ANN = new Identity("ann", Optional.empty());

    private final ManualNode node = new ManualNode();

    @Test
    void a_channel_that_nobody_uses_leaves_memory_and_comes_back() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 5);
        reader.close();
        assertThat(node.hub().size()).isEqualTo(1);

        node.executors.pass(Duration.ofMinutes(2));

        assertThat(node.hub().size()).isZero();
        RecordingSubscriber back = RecordingSubscriber.of(node, Start.after("a", new Position("e1", 3)));
        assertThat(back.lines()).isEqualTo(numbers(4, 5));
        node.publish("a", 6, 6);
        assertThat(back.lines()).isEqualTo(numbers(4, 6));
    }

    @Test
    void a_channel_that_is_read_stays_however_still_it_is() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));

        node.executors.pass(Duration.ofHours(2));
        node.publish("a", 1, 2);

        assertThat(node.hub().size()).isEqualTo(1);
        assertThat(reader.lines()).isEqualTo(numbers(1, 2));
    }

    @Test
    void the_recent_end_of_a_still_channel_is_given_up_but_is_in_the_log() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 5);
        assertThat(used()).isPositive();

        node.executors.pass(Duration.ofMinutes(6));

        assertThat(used()).isZero();
        assertThat(RecordingSubscriber.of(node, Start.history("a", 3)).lines()).isEqualTo(numbers(3, 5));
        assertThat(reader.lines()).isEqualTo(numbers(1, 5));
    }

    @Test
    void all_memory_is_given_back_with_the_channel_its_presence_too() {
        for (int round = 0; round < 3; round++) {
            node.executors.pass(Duration.ofSeconds(3 + 5 * round));
            RecordingSubscriber reader = RecordingSubscriber.of(node, ANN, Start.now("room.a"));
            RecordingSubscriber typing = RecordingSubscriber.of(node, ANN, Start.now("typing.a"));
            node.publish("room.a", 1, 5);
            node.publish("typing.a", 1, 5);
            reader.close();
            typing.close();
            assertThat(used()).isPositive();

            node.executors.pass(Duration.ofMinutes(4));

            assertThat(node.hub().size()).isZero();
            assertThat(used()).isZero();
        }
    }

    @Test
    void memory_of_a_channel_that_could_not_be_loaded_is_given_back() {
        node.executors.reads().hold();
        RecordingSubscriber refused = RecordingSubscriber.begin(node, ANN, Start.now("a"), RecordingSubscriber.PLAIN);
        node.publish("a", 1, 3);
        assertThat(used()).isPositive();
        node.log.fail(LogException.Kind.UNAVAILABLE);
        node.executors.reads().letGo();
        node.run();

        assertThat(refusal(refused.subscription()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(used()).isZero();
    }

    @Test
    void what_comes_to_a_feed_that_was_given_up_takes_no_memory() {
        MemoryBudget budget = new MemoryBudget(1_000);
        RecentEntries entries = new RecentEntries(
                Position.NONE, new RecentEntries.Bounds(10, 10_000, Duration.ofMinutes(1), 1 << 16), budget);
        entries.close();

        entries.add("e1", Entry.of(message(1, "1")));

        assertThat(budget.used()).isZero();
    }

    @Test
    void a_channel_keeps_so_many_messages_and_no_more() {
        RecentEntries entries = new RecentEntries(
                Position.NONE,
                new RecentEntries.Bounds(10, 1_000_000, Duration.ofDays(1), 1 << 16),
                new MemoryBudget(Long.MAX_VALUE));
        for (int i = 1; i <= 1_000; i++) {
            entries.add("e1", Entry.of(message(i, "1")));
        }

        assertThat(entries.range()).isEqualTo(new Head("e1", 991, 1_000));
    }

    @Test
    void a_channel_keeps_so_many_bytes_and_no_more_but_one_message_always() {
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        RecentEntries entries = new RecentEntries(
                Position.NONE, new RecentEntries.Bounds(100, 10_000, Duration.ofDays(1), 1 << 16), budget);
        for (int i = 1; i <= 1_000; i++) {
            entries.add("e1", Entry.of(message(i, "1")));
        }
        assertThat(budget.used()).isBetween(9_000L, 10_000L);
        assertThat(entries.range().first()).isBetween(970L, 980L);

        entries.add("e1", Entry.of(message(1_001, "\"" + "x".repeat(1_000_000) + "\"")));

        assertThat(entries.range()).isEqualTo(new Head("e1", 1_001, 1_001));
    }

    @Test
    void a_node_that_holds_too_much_lets_the_least_recently_used_channels_give_up_their_own() {
        HubSettings small = ManualNode.SMALL;
        node.memory = new HubSettings(
                1_000, 1 << 20, 200_000, 4, 1 << 16, 1 << 16, small.idle(), small.presenceGrace(), 3, 1_000, 1 << 16);
        List<RecordingSubscriber> readers = new ArrayList<>();
        for (int channel = 0; channel < 20; channel++) {
            readers.add(RecordingSubscriber.of(node, Start.now("c" + channel)));
            node.publish("c" + channel, 1, 100);
        }

        assertThat(used()).isLessThanOrEqualTo(200_000);
        for (int channel = 0; channel < 20; channel++) {
            RecordingSubscriber all = RecordingSubscriber.of(node, Start.history("c" + channel, 200));
            assertThat(all.lines()).isEqualTo(numbers(1, 100));
            assertThat(readers.get(channel).lines()).isEqualTo(numbers(1, 100));
        }
    }

    @Test
    void pages_that_nobody_uses_are_given_up() {
        node.publishElsewhere("a", 1, 30);
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", new Position("e1", 5)));
        reader.close();
        node.log.takeReads();

        node.executors.pass(Duration.ofSeconds(30));
        RecordingSubscriber second = RecordingSubscriber.of(node, Start.after("a", new Position("e1", 5)));

        assertThat(second.lines()).isEqualTo(numbers(6, 30));
        assertThat(node.log.takeReads()).containsExactly("a:5", "a:9", "a:13", "a:17", "a:21", "a:25", "a:29");
    }

    @Test
    void forms_that_say_the_same_are_kept_once() {
        Entry entry = Entry.of(message(1, "{\"text\":\"hi\"}"));
        List<Encoded> forms = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            forms.add(entry.encoded(new Plain()).orElseThrow());
        }

        assertThat(forms).allSatisfy(form -> assertThat(form).isSameAs(forms.get(0)));
    }

    @Test
    void who_comes_while_a_channel_is_leaving_memory_finds_a_new_one() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("typing.a"));
        node.say("typing.a", "0");
        first.close();
        LiveChannel leaving = node.hub().active("typing.a").orElseThrow();
        Instant later = node.executors.clock().instant().plusSeconds(3_600);
        assertThat(leaving.expire(later, later)).isTrue();

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("typing.a"));
        node.publish("typing.a", 1, 2);

        assertThat(node.hub().active("typing.a").orElseThrow()).isNotSameAs(leaving);
        assertThat(reader.lines()).isEqualTo(numbers(1, 2));
    }

    @Test
    void a_publisher_who_comes_while_a_channel_is_leaving_memory_finds_a_new_one() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("typing.a"));
        node.say("typing.a", "0");
        reader.close();
        LiveChannel leaving = node.hub().active("typing.a").orElseThrow();
        Instant later = node.executors.clock().instant().plusSeconds(3_600);
        assertThat(leaving.expire(later, later)).isTrue();

        Position position = node.publish("typing.a", "1").join();

        assertThat(node.hub().active("typing.a").orElseThrow()).isNotSameAs(leaving);
        assertThat(position.epoch()).isNotEqualTo(leaving.messages().head().epoch());
        assertThat(position.offset()).isEqualTo(1);
    }

    private long used() {
        return node.hub().budget().used();
    }

    private static Message message(long offset, String json) {
        return new Message(
                "a", new Position("e1", offset), new Member("ann", Optional.empty()), NOON, new Body.Json(json));
    }

    private static final class Plain implements Representation {
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
