package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.PLAIN;
import static dev.parley.testing.RecordingSubscriber.numbers;
import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.log.LogException;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often the log is asked where a channel ends. */
class HeadReadsTest {
    private final ManualNode node = new ManualNode();
    private final RecordingSubscriber quick = RecordingSubscriber.of(node, Start.now("a"));

    private RecordingSubscriber behind() {
        return RecordingSubscriber.begin(node, Identity.SERVER, Start.after("a", new Position("e1", 2)), PLAIN);
    }

    @Test
    void a_crowd_that_comes_back_behind_memory_shares_one_reading_and_who_comes_during_it_the_next() {
        node.publish("a", 1, 20);
        int before = node.log.headReads();
        List<RecordingSubscriber> crowd = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            crowd.add(behind());
        }
        node.log.readBeforeTold(() -> {
            for (int i = 0; i < 1_000; i++) {
                crowd.add(behind());
            }
        });
        node.run();

        assertThat(node.log.headReads() - before).isEqualTo(2);
        assertThat(crowd).allSatisfy(reader -> assertThat(reader.lines()).isEqualTo(numbers(3, 20)));
        assertThat(quick.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void who_asks_after_an_acknowledgement_is_not_given_an_end_from_before_it() {
        node.publish("a", 1, 20);
        List<RecordingSubscriber> late = new ArrayList<>();
        node.log.readBeforeTold(() -> {
            node.publishElsewhere("a", 21, 21);
            late.add(behind());
        });
        RecordingSubscriber early = behind();
        node.run();

        assertThat(early.started().head()).isEqualTo(new Position("e1", 20));
        assertThat(late.get(0).started().head()).isEqualTo(new Position("e1", 21));
    }

    @Test
    void channels_are_read_beside_each_other() {
        node.executors.reads().hold();
        RecordingSubscriber.begin(node, Identity.SERVER, Start.now("b"), PLAIN);
        RecordingSubscriber.begin(node, Identity.SERVER, Start.now("c"), PLAIN);

        assertThat(node.executors.reads().waiting()).isEqualTo(2);
        node.executors.reads().letGo();
        node.run();
    }

    @Test
    void what_fails_is_told_to_who_waited_and_tried_anew_by_who_comes_next() {
        node.publish("a", 1, 20);
        List<RecordingSubscriber> next = new ArrayList<>();
        node.log.readBeforeTold(() -> {
            next.add(behind());
            throw new LogException(LogException.Kind.UNAVAILABLE, "as the test wants it", new IllegalStateException());
        });
        RecordingSubscriber first = behind();
        node.run();

        assertThat(refusal(first.subscription()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(next.get(0).lines()).isEqualTo(numbers(3, 20));
    }

    @Test
    void where_no_thread_reads_whoever_asks_is_told_and_later_ones_are_served() {
        node.publish("a", 1, 20);
        node.executors.reads().reject(true);
        RecordingSubscriber refused = behind();
        node.executors.reads().reject(false);
        RecordingSubscriber served = behind();
        node.run();

        assertThat(refusal(refused.subscription()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(served.lines()).isEqualTo(numbers(3, 20));
    }
}
