package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many channels are in memory: ten at most. */
class ChannelsInMemoryTest {
    private static final int MOST = 10;
    private static final Identity ANN = new Identity("ann", Optional.empty());

    private final ManualNode node = new ManualNode();

    ChannelsInMemoryTest() {
        node.memory = new HubSettings(
                8,
                1 << 16,
                1 << 20,
                4,
                1 << 16,
                1 << 18,
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                3,
                MOST,
                1 << 16);
    }

    @Test
    void who_reads_channels_that_there_are_not_leaves_nothing_behind() {
        for (int i = 0; i < 100; i++) {
            for (String namespace : List.of("a", "room", "typing")) {
                RecordingSubscriber.of(node, ANN, Start.history(namespace + "." + i, 5))
                        .subscription()
                        .join()
                        .closeAtOnce();
                var unused = node.channels().history(ANN, namespace + "." + i, Optional.empty(), 5, 1_000);
            }
            node.run();
            assertThat(node.hub().size()).isZero();
        }
        assertThat(node.hub().budget().used()).isZero();
    }

    @Test
    void who_was_present_where_nothing_was_said_leaves_nothing_behind_after_the_time_of_grace() {
        RecordingSubscriber.of(node, ANN, Start.now("room.a")).close();
        assertThat(node.hub().size()).isEqualTo(1);

        node.executors.pass(Duration.ofSeconds(6));

        assertThat(node.hub().size()).isZero();
    }

    @Test
    void those_that_nobody_reads_make_room_and_lose_nothing() {
        for (int i = 0; i < 5 * MOST; i++) {
            String channel = "a" + i;
            RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now(channel));
            node.publish(channel, 1, 3);
            reader.close();
            assertThat(node.hub().size()).isLessThanOrEqualTo(MOST);
        }

        assertThat(RecordingSubscriber.of(node, Start.history("a0", 3)).lines()).isEqualTo(numbers(1, 3));
    }

    @Test
    void messages_that_are_only_in_memory_go_last_and_the_oldest_of_them_first() {
        for (int i = 0; i < MOST / 2; i++) {
            node.publish("typing." + i, 1, 1);
            node.executors.pass(Duration.ofMillis(1));
        }
        for (int i = 0; i < 5 * MOST; i++) {
            RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a" + i));
            node.publish("a" + i, 1, 1);
            reader.close();
        }
        assertThat(node.hub().active("typing.0")).isPresent();

        for (int i = MOST; i < 2 * MOST; i++) {
            node.publish("typing." + i, 1, 1);
            node.executors.pass(Duration.ofMillis(1));
        }
        assertThat(node.hub().size()).isLessThanOrEqualTo(MOST);
        assertThat(node.hub().active("typing.0")).isEmpty();
        assertThat(node.hub().active("typing." + (2 * MOST - 1))).isPresent();
    }

    @Test
    void where_all_are_read_another_is_refused_and_may_come_later() {
        List<RecordingSubscriber> readers = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            readers.add(RecordingSubscriber.of(node, Start.now("a" + i)));
        }
        RecordingSubscriber refused = RecordingSubscriber.of(node, Start.now("b"));
        var published = node.publish("typing.b", "1");

        assertThat(refusal(refused.subscription()).code()).isEqualTo(ErrorCode.TOO_MANY_CHANNELS);
        assertThat(refusal(published).code()).isEqualTo(ErrorCode.TOO_MANY_CHANNELS);
        assertThat(ErrorCode.TOO_MANY_CHANNELS.retry()).isTrue();
        assertThat(node.hub().size()).isEqualTo(MOST);
        assertThat(node.publish("b", "1")).isCompletedWithValueMatching(position -> position.offset() == 1);

        readers.get(0).close();
        node.executors.pass(Duration.ofSeconds(2));
        RecordingSubscriber later = RecordingSubscriber.of(node, Start.after("b", Position.NONE));

        assertThat(later.lines()).isEqualTo(numbers(1, 1));
        node.publish("a1", 7, 7);
        assertThat(readers.get(1).lines()).isEqualTo(numbers(7, 7));
    }
}
