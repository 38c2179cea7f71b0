package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a cursor begins, and what it is told about that. */
class StartingTest {
    private final ManualNode node = new ManualNode();

    @Test
    void from_now_on_on_a_channel_that_nobody_published_to() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));

        assertThat(reader.started()).isEqualTo(started("a", Position.NONE, Position.NONE));
        node.publish("a", 1, 3);
        assertThat(reader.lines()).isEqualTo(numbers(1, 3));
    }

    @Test
    void from_now_on_gives_nothing_that_was_there_before() {
        node.publishElsewhere("a", 1, 20);
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));

        assertThat(reader.started()).isEqualTo(started("a", at(20), at(20)));
        node.publish("a", 21, 22);
        assertThat(reader.lines()).isEqualTo(numbers(21, 22));
    }

    @Test
    void with_history_from_memory_nothing_is_read_from_the_log() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 5);
        int headReads = node.log.headReads();

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.history("a", 3));
        RecordingSubscriber all = RecordingSubscriber.of(node, Start.history("a", 50));

        assertThat(reader.started()).isEqualTo(started("a", at(2), at(5)));
        assertThat(reader.lines()).isEqualTo(numbers(3, 5));
        assertThat(all.lines()).isEqualTo(numbers(1, 5)).isEqualTo(first.lines());
        assertThat(node.log.takeReads()).isEmpty();
        assertThat(node.log.headReads()).isEqualTo(headReads);
    }

    @Test
    void with_more_history_than_memory_holds_the_log_is_read_and_then_memory() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 20);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.history("a", 15));

        assertThat(reader.started()).isEqualTo(started("a", at(5), at(20)));
        assertThat(reader.lines()).isEqualTo(numbers(6, 20));
        assertThat(node.log.takeReads()).containsExactly("a:5", "a:9");
        assertThat(first.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void with_no_history_at_all_or_more_than_there_is() {
        node.publishElsewhere("a", 1, 3);

        assertThat(RecordingSubscriber.of(node, Start.history("a", 0)).started())
                .isEqualTo(started("a", at(3), at(3)));
        assertThat(RecordingSubscriber.of(node, Start.history("a", Integer.MAX_VALUE))
                        .lines())
                .isEqualTo(numbers(1, 3));
        assertThat(RecordingSubscriber.of(node, Start.history("none", 50)).started())
                .isEqualTo(started("none", Position.NONE, Position.NONE));
    }

    @Test
    void history_that_was_trimmed_begins_where_the_log_begins() {
        node.publishElsewhere("a", 1, 20);
        node.log.trimTo("a", 16);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.history("a", 10));

        assertThat(reader.started()).isEqualTo(started("a", at(15), at(20)));
        assertThat(reader.lines()).isEqualTo(numbers(16, 20));
    }

    @Test
    void after_a_position_in_memory_nothing_is_read_from_the_log() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 20);
        int headReads = node.log.headReads();

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", at(14)));
        RecordingSubscriber atHead = RecordingSubscriber.of(node, Start.after("a", at(20)));

        assertThat(reader.started()).isEqualTo(started("a", at(14), at(20)));
        assertThat(reader.lines()).isEqualTo(numbers(15, 20));
        assertThat(atHead.started()).isEqualTo(started("a", at(20), at(20)));
        assertThat(node.log.headReads()).isEqualTo(headReads);
        assertThat(node.log.takeReads()).isEmpty();
        assertThat(first.lines()).hasSize(20);
    }

    @Test
    void after_a_position_that_only_the_log_has() {
        node.publishElsewhere("a", 1, 1_000);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", at(7)));

        assertThat(reader.started()).isEqualTo(started("a", at(7), at(1_000)));
        assertThat(reader.lines()).isEqualTo(numbers(8, 1_000));
    }

    @Test
    void after_a_position_that_the_history_has_passed_it_is_told_what_is_lost() {
        node.publishElsewhere("a", 1, 20);
        node.log.trimTo("a", 16);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", at(10)));
        RecordingSubscriber justWithin = RecordingSubscriber.of(node, Start.after("a", at(15)));

        assertThat(reader.started())
                .isEqualTo(new Reply.Started("a", at(15), at(20), false, Optional.of(new Push.Range(at(10), at(16)))));
        assertThat(reader.lines()).isEqualTo(numbers(16, 20));
        assertThat(justWithin.started()).isEqualTo(started("a", at(15), at(20)));
    }

    @Test
    void after_a_position_when_all_of_the_history_is_gone() {
        node.publishElsewhere("a", 1, 20);
        node.log.trimTo("a", 21);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", at(10)));
        node.publish("a", 21, 21);

        assertThat(reader.started())
                .isEqualTo(new Reply.Started("a", at(20), at(20), false, Optional.of(new Push.Range(at(10), at(21)))));
        assertThat(reader.lines()).containsExactly("21");
    }

    @Test
    void beyond_the_head_as_after_a_backup_was_restored_it_is_told_so_and_given_what_comes() {
        node.publishElsewhere("a", 1, 5);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", at(9)));
        node.publish("a", 6, 6);

        assertThat(reader.started()).isEqualTo(forgotten(at(5), at(5), new Push.Range(at(5), at(10))));
        assertThat(reader.lines()).containsExactly("6");
    }

    @Test
    void of_another_epoch_all_is_new() {
        node.publishElsewhere("a", 1, 5);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", new Position("old", 3)));

        assertThat(reader.started()).isEqualTo(new Reply.Started("a", at(0), at(5), false, Optional.empty()));
        assertThat(reader.lines()).isEqualTo(numbers(1, 5));
    }

    @Test
    void of_another_epoch_on_a_channel_without_a_log() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", new Position("old", 3)));
        node.publish("a", 1, 1);

        assertThat(reader.started())
                .isEqualTo(new Reply.Started("a", Position.NONE, Position.NONE, false, Optional.empty()));
        assertThat(reader.lines()).containsExactly("1");
    }

    @Test
    void who_was_there_before_the_first_message_misses_nothing() {
        node.publishElsewhere("a", 1, 5);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", Position.NONE));

        assertThat(reader.started()).isEqualTo(started("a", at(0), at(5)));
        assertThat(reader.lines()).isEqualTo(numbers(1, 5));
    }

    @Test
    void who_was_there_before_the_first_message_is_told_what_is_gone_of_the_history() {
        node.publishElsewhere("a", 1, 5);
        node.log.trimTo("a", 3);

        assertThat(RecordingSubscriber.of(node, Start.after("a", Position.NONE)).started())
                .isEqualTo(new Reply.Started("a", at(2), at(5), false, Optional.of(new Push.Range(at(0), at(3)))));
    }

    @Test
    void after_a_position_of_the_epoch_before_it_is_exactly_recovered() {
        twoEpochs();

        RecordingSubscriber before = RecordingSubscriber.of(node, Start.after("a", at(7)));
        RecordingSubscriber atItsEnd = RecordingSubscriber.of(node, Start.after("a", at(10)));

        assertThat(before.started()).isEqualTo(ofSecond(at(7), true, Optional.empty()));
        assertThat(before.lines()).startsWith("8", "9", "10", "101").hasSize(13);
        assertThat(atItsEnd.started()).isEqualTo(ofSecond(at(10), true, Optional.empty()));
        assertThat(atItsEnd.lines()).isEqualTo(numbers(101, 110));
    }

    @Test
    void after_a_position_that_the_log_has_forgotten_it_is_told_so_and_given_what_came_instead() {
        twoEpochs();

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", at(20)));

        assertThat(reader.started()).isEqualTo(ofSecond(at(10), false, Optional.of(new Push.Range(at(10), at(21)))));
        assertThat(reader.lines()).isEqualTo(numbers(101, 110));
    }

    @Test
    void what_is_forgotten_and_what_is_lost_are_told_apart() {
        twoEpochs();
        node.log.trimTo("a", 15);

        Reply.Started started =
                RecordingSubscriber.of(node, Start.after("a", at(20))).started();

        assertThat(started.recovered()).isFalse();
        assertThat(started.position()).isEqualTo(second(14));
        assertThat(started.forgotten()).contains(new Push.Range(at(10), at(21)));
        assertThat(started.lost()).contains(new Push.Range(at(10), second(15)));
    }

    @Test
    void within_the_present_epoch_memory_tells_the_ancestors_too() {
        twoEpochs();
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 111, 115);
        int headReads = node.log.headReads();

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after("a", second(22)));
        RecordingSubscriber now = RecordingSubscriber.of(node, Start.now("a"));

        assertThat(List.of(reader.started(), now.started()))
                .allSatisfy(started -> assertThat(started.ancestors()).containsExactly(new Lineage.Ancestor("e1", 10)));
        assertThat(node.log.headReads()).isEqualTo(headReads);
        assertThat(reader.lines()).isEqualTo(numbers(113, 115));
        assertThat(first.started().ancestors()).containsExactly(new Lineage.Ancestor("e1", 10));
    }

    @Test
    void memory_that_begins_behind_a_branch_knows_who_stood_at_its_end() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 10);
        node.log.failOver("a", 10);
        node.publish("a", 101, 101);
        node.publish("a", 102, 103);

        assertThat(RecordingSubscriber.of(node, Start.after("a", at(10))).lines())
                .isEqualTo(numbers(101, 103));
        assertThat(first.lines()).hasSize(13);
    }

    /** Of the first epoch ten are left, then ten of the next. */
    private void twoEpochs() {
        node.publishElsewhere("a", 1, 20);
        node.log.failOver("a", 10);
        node.publishElsewhere("a", 101, 110);
    }

    private static Reply.Started ofSecond(Position position, boolean recovered, Optional<Push.Range> forgotten) {
        return new Reply.Started(
                "a",
                position,
                second(20),
                recovered,
                Optional.empty(),
                forgotten,
                List.of(new Lineage.Ancestor("e1", 10)));
    }

    private static Reply.Started forgotten(Position position, Position head, Push.Range range) {
        return new Reply.Started("a", position, head, false, Optional.empty(), Optional.of(range), List.of());
    }

    private static Position second(long offset) {
        return new Position("e2", offset);
    }

    private static Reply.Started started(String channel, Position position, Position head) {
        return new Reply.Started(channel, position, head, true, Optional.empty());
    }

    private static Position at(long offset) {
        return new Position("e1", offset);
    }
}
