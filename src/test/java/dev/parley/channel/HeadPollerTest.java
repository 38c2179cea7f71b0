package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.LogException;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that shares its log with others. */
class HeadPollerTest {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final ManualNode node = new ManualNode();

    @BeforeEach
    void watch() {
        node.hub().pollHeads(INTERVAL);
    }

    @Test
    void what_another_node_appends_is_delivered() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publishElsewhere("a", 1, 20);
        assertThat(reader.lines()).isEmpty();

        node.executors.pass(Duration.ofMillis(300));

        assertThat(reader.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void what_both_append_is_delivered_in_one_order() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 3);
        node.publishElsewhere("a", 4, 8);
        node.publish("a", 9, 10);
        node.publishElsewhere("a", 11, 12);
        node.executors.pass(Duration.ofMillis(300));
        node.publish("a", 13, 13);

        assertThat(reader.lines()).isEqualTo(numbers(1, 13));
    }

    @Test
    void own_commits_that_are_just_about_to_be_told_stay_in_memory() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 3);
        node.executors.writer().hold();
        // The log holds it, and the writer has not come round to saying so
        node.log.appendedBeforeTold(() -> node.executors.pass(INTERVAL));
        var unused = node.channels().publish("a", new dev.parley.protocol.Body.Json("4"));
        node.executors.writer().runOne();
        node.executors.writer().letGo();
        node.executors.pass(Duration.ofMillis(300));

        assertThat(reader.lines()).isEqualTo(numbers(1, 4));
        assertThat(node.log.takeReads()).isEmpty();
    }

    @Test
    void channels_that_nobody_reads_are_not_looked_at() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 3);
        reader.close();
        assertThat(node.hub().size()).isEqualTo(1);
        int before = node.log.headReads();

        node.executors.pass(Duration.ofSeconds(5));

        assertThat(node.log.headReads()).isEqualTo(before);
    }

    @Test
    void looks_do_not_pile_up_where_the_log_is_slow() {
        RecordingSubscriber.of(node, Start.now("a"));
        node.executors.reads().hold();
        node.executors.pass(Duration.ofSeconds(5));

        assertThat(node.executors.reads().waiting()).isEqualTo(1);
    }

    @Test
    void a_log_that_goes_away_is_looked_at_again() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.log.fail(LogException.Kind.UNAVAILABLE);
        node.executors.pass(Duration.ofSeconds(1));
        node.log.heal();
        node.publishElsewhere("a", 1, 2);
        node.executors.pass(Duration.ofMillis(300));

        assertThat(reader.lines()).isEqualTo(numbers(1, 2));
    }

    @Test
    void it_ends_with_the_hub() {
        RecordingSubscriber.of(node, Start.now("a"));
        node.hub().close();
        int before = node.log.headReads();
        node.executors.pass(Duration.ofSeconds(1));

        assertThat(node.log.headReads()).isEqualTo(before);
    }
}
