package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.PLAIN;
import static dev.parley.testing.RecordingSubscriber.numbers;
import static dev.parley.testing.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.log.LogException;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What readers see of a log that is away, has forgotten, was made anew, or is written by others too. */
class LogTroubleTest {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ManualNode node = new ManualNode();

    /** One who has read none of so many messages, of which memory holds the last. */
    private RecordingSubscriber behind(int messages) {
        RecordingSubscriber slow = RecordingSubscriber.of(node, Start.now("a")).slow();
        node.publish("a", 1, messages);
        return slow;
    }

    @Test
    void what_is_trimmed_before_a_slow_reader_is_told_once_and_it_goes_on_behind_the_hole() {
        RecordingSubscriber slow = behind(20);
        node.log.trimTo("a", 11);

        slow.wakeUp();

        assertThat(slow.takeLines())
                .startsWith("lost 0..11")
                .hasSize(11)
                .endsWith("11", "12", "13", "14", "15", "16", "17", "18", "19", "20");
    }

    @Test
    void an_error_while_a_page_is_read_costs_a_pause_and_no_reader() {
        RecordingSubscriber slow = behind(20);
        AtomicInteger reads = new AtomicInteger();
        node.log.beforeRead(channel -> {
            if (reads.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("as the test wants it");
            }
        });
        slow.wakeUp();
        assertThat(slow.lines()).isEmpty();
        node.executors.pass(PAUSE);

        assertThat(slow.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void an_error_while_the_log_is_asked_is_told_to_whoever_asked() {
        CompletableFuture<Object> asked = node.hub().reading(() -> {
            throw new NoClassDefFoundError("as the test wants it");
        });
        try {
            node.run();
        } catch (NoClassDefFoundError e) {
            assertThat(asked).isDone();
        }

        assertThat(refusal(asked).code()).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void what_is_trimmed_while_a_page_is_read_is_told_once() {
        RecordingSubscriber slow = behind(40);
        AtomicInteger reads = new AtomicInteger();
        node.log.beforeRead(channel -> {
            if (reads.incrementAndGet() == 3) {
                node.log.trimTo("a", 20);
            }
        });

        slow.wakeUp();

        assertThat(slow.lines().subList(0, 9)).isEqualTo(List.of("1", "2", "3", "4", "5", "6", "7", "8", "lost 8..20"));
        assertThat(slow.lines().subList(9, slow.lines().size())).isEqualTo(numbers(20, 40));
    }

    @Test
    void when_all_that_a_slow_reader_missed_is_trimmed_it_goes_on_from_memory() {
        RecordingSubscriber slow = behind(20);
        node.log.trimTo("a", 21);

        slow.wakeUp();
        node.publish("a", 21, 22);

        assertThat(slow.lines()).containsExactly("lost 0..21", "21", "22");
    }

    @Test
    void a_page_that_is_empty_loses_nothing_that_was_committed_since() {
        RecordingSubscriber slow = behind(20);
        node.log.trimTo("a", 21);
        node.executors.reads().hold();
        slow.wakeUp();
        node.executors.reads().runOne();
        node.executors.delivery().hold();
        node.publish("a", 21, 40);

        node.executors.reads().letGo();
        node.executors.delivery().letGo();
        node.run();

        assertThat(slow.lines().get(0)).isEqualTo("lost 0..21");
        assertThat(slow.lines().subList(1, slow.lines().size())).isEqualTo(numbers(21, 40));
    }

    @Test
    void commits_that_may_have_happened_are_found_by_the_heads() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 3);
        node.log.fail(LogException.Kind.IN_DOUBT);
        CompletableFuture<Position> doubtful = node.publish("a", "4");
        assertThat(reader.lines()).isEqualTo(numbers(1, 3));

        node.log.heal();
        node.executors.pass(PAUSE);

        assertThat(refusal(doubtful).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(reader.lines()).isEqualTo(numbers(1, 4));
        node.publish("a", 5, 5);
        assertThat(reader.lines()).isEqualTo(numbers(1, 5));
    }

    @Test
    void what_another_node_appended_is_read_before_our_own_next_message() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 3);
        node.publishElsewhere("a", 4, 30);

        node.publish("a", 31, 31);

        assertThat(reader.lines()).isEqualTo(numbers(1, 31));
    }

    @Test
    void what_another_node_appended_behind_the_head_is_found_when_the_head_is_looked_at() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 3);
        node.publishElsewhere("a", 4, 30);

        node.hub().doubtful(List.of("a", "nobody-reads-this"));
        node.run();

        assertThat(reader.lines()).isEqualTo(numbers(1, 30));
    }

    @Test
    void a_commit_that_races_with_the_first_load_is_given_once_and_in_order() {
        for (int early = 0; early <= 3; early++) {
            ManualNode racing = new ManualNode();
            racing.publishElsewhere("a", 1, 2);
            racing.executors.reads().hold();
            RecordingSubscriber reader =
                    RecordingSubscriber.begin(racing, Identity.SERVER, Start.after("a", Position.NONE), PLAIN);
            racing.publish("a", 3, 2 + early);
            racing.executors.reads().letGo();
            racing.run();
            racing.publish("a", 3 + early, 6);

            assertThat(reader.lines()).as("%d commits before the load", early).isEqualTo(numbers(1, 6));
        }
    }

    @Test
    void a_commit_is_told_to_the_hub_after_the_load_has_seen_it_already() {
        node.executors.reads().hold();
        RecordingSubscriber reader = RecordingSubscriber.begin(node, Identity.SERVER, Start.now("a"), PLAIN);
        node.publishElsewhere("a", 1, 5);
        node.executors.reads().letGo();
        node.run();

        node.hub().committed(node.log.read("a", 3, 2, 1_000).messages());
        node.publish("a", 6, 6);

        assertThat(reader.lines()).containsExactly("6");
    }

    @Test
    void the_first_message_races_with_a_reader_who_looks_for_history() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.executors.reads().hold();
        RecordingSubscriber reader = RecordingSubscriber.begin(node, Identity.SERVER, Start.history("a", 50), PLAIN);
        node.run();
        node.executors.reads().letGo();
        node.publish("a", 1, 3);

        assertThat(first.lines()).isEqualTo(numbers(1, 3));
        assertThat(reader.lines()).isEqualTo(numbers(1, 3));
    }

    @Test
    void a_channel_that_cannot_be_loaded_is_an_error_that_says_retry_and_later_works() {
        node.log.fail(LogException.Kind.UNAVAILABLE);
        RecordingSubscriber refused = RecordingSubscriber.of(node, Start.now("a"));

        assertThat(refusal(refused.subscription()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(ErrorCode.UNAVAILABLE.retry()).isTrue();
        assertThat(node.hub().size()).isZero();

        node.log.heal();
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 2);
        assertThat(reader.lines()).isEqualTo(numbers(1, 2));
    }

    @Test
    void who_reads_from_memory_goes_on_while_the_log_is_away() {
        RecordingSubscriber first = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 5);
        node.log.fail(LogException.Kind.UNAVAILABLE);

        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.history("a", 3));

        assertThat(reader.lines()).isEqualTo(numbers(3, 5));
        assertThat(refusal(node.publish("a", "6")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(first.lines()).isEqualTo(numbers(1, 5));
    }

    @Test
    void a_page_that_cannot_be_read_is_read_when_the_log_is_back() {
        RecordingSubscriber slow = behind(20);
        node.log.fail(LogException.Kind.UNAVAILABLE);

        slow.wakeUp();
        node.executors.pass(PAUSE.multipliedBy(5));
        assertThat(slow.lines()).isEmpty();
        node.log.heal();
        node.executors.pass(PAUSE);

        assertThat(slow.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void a_page_that_failed_in_a_way_nobody_thought_of_is_read_again_too() {
        RecordingSubscriber slow = behind(20);
        AtomicInteger reads = new AtomicInteger();
        node.log.beforeRead(channel -> {
            if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("as the test wants it");
            }
        });

        slow.wakeUp();
        node.executors.pass(PAUSE);

        assertThat(slow.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void nobody_reads_for_readers_who_have_gone() {
        RecordingSubscriber slow = behind(20);
        node.log.fail(LogException.Kind.UNAVAILABLE);
        slow.wakeUp();
        slow.close();
        node.log.takeReads();

        node.executors.pass(PAUSE.multipliedBy(20));

        assertThat(node.log.takeReads()).isEmpty();
    }

    @Test
    void a_log_that_was_made_anew_is_told_as_lost_and_given_from_its_beginning() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
        node.publish("a", 1, 1);
        RecordingSubscriber slow = RecordingSubscriber.of(node, Start.now("a")).slow();
        node.publish("a", 2, 20);
        node.log.lose("a");

        node.publish("a", 101, 103);
        slow.wakeUp();

        assertThat(reader.lines().subList(0, 20)).isEqualTo(numbers(1, 20));
        assertThat(reader.lines().subList(20, reader.lines().size())).containsExactly("lost", "101", "102", "103");
        assertThat(slow.lines()).containsExactly("lost", "101", "102", "103");
    }

    @Test
    void a_log_that_another_node_made_anew_is_found_by_who_reads_a_page() {
        RecordingSubscriber slow = behind(20);
        node.log.lose("a");
        node.publishElsewhere("a", 101, 103);

        slow.wakeUp();

        assertThat(slow.lines()).containsExactly("lost", "101", "102", "103");
    }

    @Test
    void a_log_that_is_gone_leaves_the_reader_with_what_is_in_memory() {
        RecordingSubscriber slow = behind(20);
        node.log.lose("a");

        slow.wakeUp();

        assertThat(slow.lines().get(0)).isEqualTo("lost 0..13");
        assertThat(slow.lines().subList(1, slow.lines().size())).isEqualTo(numbers(13, 20));
    }

    @Test
    void content_is_read_from_the_log_and_a_failure_says_retry() {
        Body.Binary image = new Body.Binary("image/png", Bytes.wrap(new byte[] {1, 2}));
        var published = node.channels().publish("a", image).toCompletableFuture();
        node.run();

        var found =
                node.channels().content(Identity.SERVER, "a", published.join()).toCompletableFuture();
        node.run();
        node.log.fail(LogException.Kind.UNAVAILABLE);
        var failed =
                node.channels().content(Identity.SERVER, "a", published.join()).toCompletableFuture();
        node.run();

        assertThat(found.join()).hasValue(image);
        assertThat(refusal(failed).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
