package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.PLAIN;
import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A subscription is a place in the log: what it is given, when, and at what cost. */
class DeliveryTest {
    private final ManualNode node = new ManualNode();

    @Test
    void every_reader_sees_the_same_messages_in_the_order_of_the_log() {
        List<RecordingSubscriber> readers = readers(5, "a");
        for (int i = 1; i <= 50; i++) {
            var unused = node.channels().publish("a", new Body.Json(Integer.toString(i)));
            var unusedToo = node.channels().publish("b", new Body.Json("0"));
        }
        node.run();

        assertThat(readers).allSatisfy(reader -> assertThat(reader.lines()).isEqualTo(numbers(1, 50)));
    }

    @Test
    void what_is_committed_together_is_one_batch_that_all_share() {
        List<RecordingSubscriber> readers = readers(100, "a");
        for (int i = 1; i <= 8; i++) {
            var unused = node.channels().publish("a", new Body.Json(Integer.toString(i)));
        }
        node.run();

        Batch shared = readers.get(0).batches().get(0);
        assertThat(shared.pieces()).containsExactly(Encoded.Text.of("1\n2\n3\n4\n5\n6\n7\n8"));
        assertThat(shared.end()).isEqualTo(8);
        assertThat(readers)
                .allSatisfy(
                        reader -> assertThat(reader.batches()).singleElement().isSameAs(shared));
    }

    @Test
    void a_subscriber_whose_failure_cannot_even_be_logged_does_not_end_the_deliveries_of_its_channel() {
        boolean[] failing = {true};
        var unused = node.channels()
                .subscribe(Identity.SERVER, Start.now("a"), PLAIN, ready -> {
                    if (failing[0]) {
                        throw new Unprintable();
                    }
                })
                .thenAccept(Subscription::start);
        node.run();
        RecordingSubscriber reader = readers(1, "a").get(0);
        var unusedToo = node.channels().publish("a", new Body.Json("1"));
        node.run();
        failing[0] = false;
        node.publish("a", 2, 2);

        assertThat(reader.lines()).isEqualTo(numbers(1, 2));
    }

    /** What a logger asks of it fails as well. */
    private static final class Unprintable extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw this;
        }
    }

    @Test
    void a_message_is_encoded_once_however_many_read_it_and_in_however_many_batches() {
        List<Push> encoded = new ArrayList<>();
        Representation counting = new Representation() {
            @Override
            public Optional<Encoded> encode(Push push) {
                encoded.add(push);
                return PLAIN.encode(push);
            }

            @Override
            public boolean joins() {
                return true;
            }
        };
        List<RecordingSubscriber> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(RecordingSubscriber.begin(node, Identity.SERVER, Start.now("a"), counting)
                    .atMost(1 + i));
        }
        node.run();

        for (int i = 1; i <= 8; i++) {
            var unused = node.channels().publish("a", new Body.Json(Integer.toString(i)));
        }
        node.run();

        assertThat(encoded).hasSize(8);
        assertThat(readers.get(0).batches()).hasSize(8);
        assertThat(readers.get(19).batches()).hasSize(1);
        assertThat(readers).allSatisfy(reader -> assertThat(reader.lines()).isEqualTo(numbers(1, 8)));
    }

    @Test
    void a_batch_holds_no_more_than_its_bound_but_always_one_message() {
        RecordingSubscriber reader =
                RecordingSubscriber.of(node, Start.now("a")).slow();
        node.say("a", "\"" + "x".repeat(30) + "\"");
        node.publish("a", 2, 7);
        reader.atMost(5);

        while (reader.take()) {
            // all there is
        }

        assertThat(reader.batches()).extracting(Batch::size).containsExactly(32, 5, 5);
        assertThat(reader.lines()).endsWith("2", "3", "4", "5", "6", "7");
    }

    @Test
    void bytes_stand_between_the_texts_they_came_between() {
        Representation wire = new Representation() {
            @Override
            public Optional<Encoded> encode(Push push) {
                return push instanceof Message message && message.body() instanceof Body.Binary binary
                        ? Optional.of(new Encoded.Binary(binary.bytes()))
                        : PLAIN.encode(push);
            }

            @Override
            public boolean joins() {
                return true;
            }
        };
        RecordingSubscriber reader = RecordingSubscriber.begin(node, Identity.SERVER, Start.now("a"), wire)
                .slow();
        node.run();
        node.publish("a", 1, 2);
        var bytes = node.channels().publish("a", new Body.Binary("a/b", Bytes.wrap(new byte[] {1, 2, 3})));
        node.run();
        node.publish("a", 4, 5);

        Batch batch = reader.subscription()
                .join()
                .next(BatchLimit.of(RecordingSubscriber.MOST))
                .orElseThrow();

        assertThat(batch.pieces())
                .containsExactly(
                        Encoded.Text.of("1\n2"),
                        new Encoded.Binary(Bytes.wrap(new byte[] {1, 2, 3})),
                        Encoded.Text.of("4\n5"));
        assertThat(batch.size()).isEqualTo(9);
        assertThat(bytes).isCompleted();
    }

    @Test
    void a_reader_that_was_slow_is_given_all_since_its_place_in_one_batch() {
        RecordingSubscriber slow = RecordingSubscriber.of(node, Start.now("a")).slow();
        node.publish("a", 1, 7);

        slow.wakeUp();

        assertThat(slow.batches()).hasSize(1);
        assertThat(slow.lines()).isEqualTo(numbers(1, 7));
        node.publish("a", 8, 9);
        assertThat(slow.lines()).isEqualTo(numbers(1, 9));
    }

    @Test
    void a_reader_that_fell_behind_memory_reads_pages_and_then_memory() {
        RecordingSubscriber quick = RecordingSubscriber.of(node, Start.now("a"));
        RecordingSubscriber slow = RecordingSubscriber.of(node, Start.now("a")).slow();
        node.publish("a", 1, 20);

        slow.wakeUp();

        assertThat(slow.lines()).isEqualTo(numbers(1, 20)).isEqualTo(quick.lines());
        assertThat(node.log.takeReads()).containsExactly("a:0", "a:4", "a:8");
    }

    @Test
    void a_page_is_read_once_for_all_at_the_same_place_and_its_batches_are_shared() {
        List<RecordingSubscriber> slow = readers(50, "a");
        slow.forEach(RecordingSubscriber::slow);
        node.publish("a", 1, 20);

        slow.forEach(reader -> assertThat(reader.take()).isFalse());
        assertThat(node.executors.reads().waiting()).isEqualTo(1);
        slow.forEach(RecordingSubscriber::wakeUp);

        assertThat(node.log.takeReads()).containsExactly("a:0", "a:4", "a:8");
        assertThat(slow).allSatisfy(reader -> {
            assertThat(reader.lines()).isEqualTo(numbers(1, 20));
            assertThat(reader.batches().get(0)).isSameAs(slow.get(0).batches().get(0));
            assertThat(reader.batches().get(3)).isSameAs(slow.get(0).batches().get(3));
        });
    }

    @Test
    void a_reader_within_a_page_that_is_there_reads_no_other() {
        node.publishElsewhere("a", 1, 30);
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.after("a", first(5)));
        node.log.takeReads();

        RecordingSubscriber second = RecordingSubscriber.of(node, Start.after("a", first(7)));

        assertThat(first.lines()).isEqualTo(numbers(6, 30));
        assertThat(second.lines()).isEqualTo(numbers(8, 30));
        assertThat(node.log.takeReads()).isEmpty();
    }

    @Test
    void messages_that_come_while_a_page_is_read_follow_it() {
        RecordingSubscriber slow = RecordingSubscriber.of(node, Start.now("a")).slow();
        node.publish("a", 1, 20);
        node.executors.reads().hold();
        slow.wakeUp();
        node.publish("a", 21, 40);

        assertThat(slow.lines()).isEmpty();
        node.executors.reads().letGo();
        node.run();

        assertThat(slow.lines()).isEqualTo(numbers(1, 40));
    }

    @Test
    void who_drops_while_its_history_is_coming_resumes_without_a_hole() {
        node.publishElsewhere("a", 1, 40);
        for (int taken = 0; taken <= 10; taken++) {
            RecordingSubscriber dropped = RecordingSubscriber.of(node, Start.history("a", 0));
            dropped.close();
            RecordingSubscriber reading = RecordingSubscriber.begin(
                            node, Identity.SERVER, Start.history("a", 35), PLAIN)
                    .slow()
                    .atMost(8);
            node.run();
            for (int i = 0; i < taken; i++) {
                boolean unused = reading.take();
                node.run();
            }
            reading.close();
            int last = reading.lines().isEmpty() ? 5 : Integer.parseInt(last(reading.lines()));

            RecordingSubscriber back = RecordingSubscriber.of(node, Start.after("a", first(last)));

            assertThat(back.started().recovered()).isTrue();
            assertThat(reading.lines()).isEqualTo(numbers(6, last));
            assertThat(back.lines()).isEqualTo(numbers(last + 1, 40));
            back.close();
        }
    }

    @Test
    void a_closed_subscription_is_given_nothing_more() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 1);
        reader.close();
        node.publish("a", 2, 2);

        assertThat(reader.take()).isFalse();
        assertThat(reader.lines()).containsExactly("1");
    }

    @Test
    void nothing_is_given_before_the_start() {
        List<Subscription> told = new ArrayList<>();
        var opened = node.channels()
                .subscribe(Identity.SERVER, Start.now("a"), PLAIN, told::add)
                .toCompletableFuture();
        node.run();
        node.publish("a", 1, 2);

        assertThat(told).isEmpty();
        assertThat(opened.join().next(BatchLimit.of(RecordingSubscriber.MOST))).isEmpty();
        opened.join().start();
        assertThat(told).hasSize(1);
        assertThat(opened.join()
                        .next(BatchLimit.of(RecordingSubscriber.MOST))
                        .orElseThrow()
                        .pieces())
                .containsExactly(Encoded.Text.of("1\n2"));
    }

    @Test
    void what_one_reader_throws_reaches_no_other() {
        for (int i = 0; i < 3; i++) {
            var unused = node.channels()
                    .subscribe(Identity.SERVER, Start.now("a"), PLAIN, ready -> {
                        throw new IllegalStateException("as the test wants it");
                    })
                    .thenAccept(Subscription::start);
        }
        List<RecordingSubscriber> readers = readers(10, "a");

        node.publish("a", 1, 3);

        assertThat(readers).allSatisfy(reader -> assertThat(reader.lines()).isEqualTo(numbers(1, 3)));
    }

    private List<RecordingSubscriber> readers(int count, String channel) {
        List<RecordingSubscriber> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readers.add(RecordingSubscriber.of(node, Start.now(channel)));
        }
        return readers;
    }

    private static Position first(long offset) {
        return new Position("e1", offset);
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }
}
