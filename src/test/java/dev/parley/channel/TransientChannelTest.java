package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A channel in memory only: five messages, a minute. */
class TransientChannelTest {
    private static final Identity ANN = new Identity("ann", Optional.empty());
    private static final Identity BOB = new Identity("bob", Optional.empty());
    private static final String TYPING = "typing.a";

    private final ManualNode node = new ManualNode();

    @Test
    void nothing_of_it_reaches_the_log() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now(TYPING));
        node.publish(TYPING, 1, 20);

        assertThat(reader.lines()).isEqualTo(numbers(1, 20));
        assertThat(node.log.head(TYPING).last()).isZero();
        assertThat(node.log.headReads()).isZero();
        assertThat(node.log.takeReads()).isEmpty();
    }

    @Test
    void publishing_is_answered_with_a_position_also_when_nobody_listens() {
        Position first = node.publish(TYPING, "1").join();
        Position second = node.publish(TYPING, "2").join();

        assertThat(first.offset()).isEqualTo(1);
        assertThat(second).isEqualTo(first.at(2));
    }

    @Test
    void its_content_is_found_as_long_as_it_is_in_memory() {
        Position text = node.publish(TYPING, "\"é\"").join();
        Body.Binary image = new Body.Binary("image/png", Bytes.wrap(new byte[] {1, 2}));
        Position bytes =
                node.channels().publish(TYPING, image).toCompletableFuture().join();

        assertThat(content(text))
                .contains(new Body.Binary("application/json", Bytes.wrap("\"é\"".getBytes(StandardCharsets.UTF_8))));
        assertThat(content(bytes)).contains(image);
        assertThat(content(bytes.at(3))).isEmpty();
        node.publish(TYPING, 1, 5);
        assertThat(content(bytes)).isEmpty();
    }

    private Optional<Body.Binary> content(Position position) {
        return node.channels()
                .content(ANN, TYPING, position)
                .toCompletableFuture()
                .join();
    }

    @Test
    void its_history_is_bounded_by_count() {
        node.publish(TYPING, 1, 20);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.history(TYPING, 50));

        assertThat(reader.lines()).isEqualTo(numbers(16, 20));
        assertThat(reader.started().recovered()).isTrue();
    }

    @Test
    void its_history_is_bounded_by_age() {
        RecordingSubscriber there = RecordingSubscriber.of(node, Start.now(TYPING));
        node.publish(TYPING, 1, 2);
        node.executors.pass(Duration.ofSeconds(40));
        node.publish(TYPING, 3, 4);
        node.executors.pass(Duration.ofSeconds(40));

        assertThat(RecordingSubscriber.of(node, Start.history(TYPING, 50)).lines())
                .isEqualTo(numbers(3, 4));
        assertThat(there.lines()).isEqualTo(numbers(1, 4));
    }

    @Test
    void who_comes_back_is_given_what_it_missed_or_told_what_is_gone() {
        Position third = null;
        for (int i = 1; i <= 10; i++) {
            Position position = node.publish(TYPING, Integer.toString(i)).join();
            third = i == 3 ? position : third;
        }

        RecordingSubscriber within = RecordingSubscriber.of(node, Start.after(TYPING, third.at(7)));
        RecordingSubscriber passed = RecordingSubscriber.of(node, Start.after(TYPING, third));
        RecordingSubscriber beyond = RecordingSubscriber.of(node, Start.after(TYPING, third.at(99)));

        assertThat(within.started().recovered()).isTrue();
        assertThat(within.lines()).isEqualTo(numbers(8, 10));
        assertThat(passed.started().recovered()).isFalse();
        assertThat(passed.started().lost()).contains(new Push.Range(third, third.at(6)));
        assertThat(passed.lines()).isEqualTo(numbers(6, 10));
        assertThat(beyond.started().recovered()).isFalse();
        assertThat(beyond.lines()).isEmpty();
    }

    @Test
    void what_a_slow_reader_missed_is_told_as_lost_once() {
        RecordingSubscriber slow =
                RecordingSubscriber.of(node, Start.now(TYPING)).slow();
        node.publish(TYPING, 1, 20);

        slow.wakeUp();
        node.publish(TYPING, 21, 21);

        assertThat(slow.lines()).containsExactly("lost 0..16", "16", "17", "18", "19", "20", "21");
    }

    @Test
    void it_leaves_memory_with_its_last_message_and_comes_back_with_another_epoch() {
        Position before = node.publish(TYPING, "1").join();
        node.executors.pass(Duration.ofSeconds(50));
        assertThat(node.hub().size()).isEqualTo(1);
        node.executors.pass(Duration.ofMinutes(2));
        assertThat(node.hub().size()).isZero();

        Position after = node.publish(TYPING, "2").join();
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.after(TYPING, before));

        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(reader.started().recovered()).isFalse();
        assertThat(reader.lines()).containsExactly("2");
    }

    @Test
    void a_key_belongs_to_one_user_and_is_stored_once() {
        Position first = keyed(ANN, "k", "1").join();
        node.publish(TYPING, 2, 12);

        assertThat(keyed(ANN, "k", "1")).isCompletedWithValue(first);
        assertThat(keyed(BOB, "k", "1").join().offset()).isEqualTo(13);
        CompletableFuture<Position> other = keyed(ANN, "k", "other");
        assertThat(other)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.KEY_REUSED));
    }

    private CompletableFuture<Position> keyed(Identity who, String key, String text) {
        var result = node.channels()
                .publish(who, TYPING, Optional.of(key), new Body.Json('"' + text + '"'))
                .toCompletableFuture();
        node.run();
        return result;
    }
}
