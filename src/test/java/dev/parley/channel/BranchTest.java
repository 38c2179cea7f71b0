package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.PLAIN;
import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.log.Head;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import dev.parley.testing.WireClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cursors are given when the log turns out to be another: its database has failed over, or was restored. */
class BranchTest {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final String FORGOTTEN = "forgotten e1:10..e1:21";

    private final ManualNode node = new ManualNode();
    private final RecordingSubscriber quick = RecordingSubscriber.of(node, Start.now("a"));

    private RecordingSubscriber twenty(int takenBySlow) {
        node.publish("a", 1, takenBySlow);
        RecordingSubscriber slow = RecordingSubscriber.of(node, Start.now("a")).slow();
        node.publish("a", takenBySlow + 1, 20);
        assertThat(quick.takeLines()).isEqualTo(numbers(1, 20));
        return slow;
    }

    private void look() {
        node.hub().doubtful(List.of("a"));
        node.run();
    }

    private static Position position(RecordingSubscriber reader) {
        return reader.subscription().join().position();
    }

    @Test
    void where_nothing_was_forgotten_nobody_is_told_anything() {
        RecordingSubscriber slow = twenty(15);
        node.log.failOver("a", 20);

        node.publish("a", 21, 24);
        slow.wakeUp();

        assertThat(quick.lines()).isEqualTo(numbers(21, 24));
        assertThat(slow.lines()).isEqualTo(numbers(16, 24));
        assertThat(position(slow)).isEqualTo(new Position("e2", 24));
    }

    @Test
    void who_is_beyond_the_branch_is_told_once_what_is_forgotten_and_goes_on_with_what_came_instead() {
        RecordingSubscriber slow = twenty(5);
        node.log.failOver("a", 10);

        node.publish("a", 101, 103);
        slow.wakeUp();

        assertThat(quick.lines()).containsExactly(FORGOTTEN, "101", "102", "103");
        assertThat(position(quick)).isEqualTo(new Position("e2", 13));
        assertThat(slow.lines()).containsExactly("6", "7", "8", "9", "10", "101", "102", "103");
    }

    @Test
    void positions_are_those_at_which_messages_were_acknowledged() {
        RecordingSubscriber slow = twenty(5).atMost(1);
        node.log.failOver("a", 10);
        node.publish("a", 101, 102);
        List<Position> positions = new ArrayList<>();
        while (positions.size() < 7) {
            if (slow.take()) {
                positions.add(position(slow));
            }
            node.run();
        }

        assertThat(positions)
                .containsExactly(
                        new Position("e1", 6),
                        new Position("e1", 7),
                        new Position("e1", 8),
                        new Position("e1", 9),
                        new Position("e1", 10),
                        new Position("e2", 11),
                        new Position("e2", 12));
        assertThat(slow.subscription().join().ancestors()).containsExactly(new Lineage.Ancestor("e1", 10));
    }

    @Test
    void a_log_that_ends_earlier_is_told_when_it_was_read_twice_and_not_again_when_the_next_epoch_begins() {
        node.hub().pollHeads(INTERVAL);
        RecordingSubscriber slow = twenty(5);
        node.log.failOver("a", 10);

        node.executors.pass(INTERVAL);
        assertThat(quick.takeLines()).isEmpty();
        node.executors.pass(INTERVAL);
        assertThat(quick.takeLines()).containsExactly(FORGOTTEN);
        assertThat(position(quick)).isEqualTo(new Position("e1", 10));
        assertThat(quick.subscription().join().head()).isEqualTo(new Position("e1", 10));
        node.executors.pass(INTERVAL.multipliedBy(5));
        node.publish("a", 101, 102);
        node.executors.pass(INTERVAL.multipliedBy(5));
        slow.wakeUp();

        assertThat(quick.lines()).containsExactly("101", "102");
        assertThat(slow.lines()).containsExactly("6", "7", "8", "9", "10", "101", "102");
    }

    @Test
    void an_end_that_was_read_too_low_once_is_no_other_log() {
        RecentEntries entries = new RecentEntries(
                new Position("e1", 3),
                new RecentEntries.Bounds(10, 10_000, Duration.ofMinutes(1), 100),
                new MemoryBudget(100_000));
        Head low = new Head("e1", 1, 2);

        assertThat(entries.found(entries.mark(), low).what()).isEqualTo(RecentEntries.Finding.STALE);
        assertThat(entries.found(entries.mark(), new Head("e1", 1, 3)).what()).isEqualTo(RecentEntries.Finding.SAME);
        RecentEntries.Mark before = entries.mark();
        assertThat(entries.found(entries.mark(), low).what()).isEqualTo(RecentEntries.Finding.STALE);
        assertThat(entries.found(before, low).what())
                .as("read beside the first")
                .isEqualTo(RecentEntries.Finding.STALE);
        assertThat(entries.found(entries.mark(), low).what()).isEqualTo(RecentEntries.Finding.TURNED);
        assertThat(entries.head()).isEqualTo(new Position("e1", 2));
    }

    @Test
    void whoever_looks_into_the_log_finds_that_it_ends_earlier() {
        List<Runnable> looks = List.of(
                this::look,
                () -> RecordingSubscriber.of(node, Start.history("a", 20)),
                () -> RecordingSubscriber.of(node, Start.after("a", new Position("e1", 2))));
        for (Runnable looking : looks) {
            RecordingSubscriber reader = RecordingSubscriber.of(node, Start.now("a"));
            node.publish("a", 1, 20);
            int last = Math.toIntExact(node.log.head("a").last());
            reader.takeLines();
            node.log.restore("a", 10);

            looking.run();

            assertThat(reader.lines()).containsExactly("forgotten e1:10..e1:" + (last + 1));
            assertThat(position(reader)).isEqualTo(new Position("e1", 10));
            node.log.restore("a", 0);
            look();
            reader.close();
        }
    }

    @Test
    void who_reads_a_page_finds_that_the_log_ends_earlier_and_is_given_nothing_of_before() {
        RecordingSubscriber slow = twenty(5);
        node.log.failOver("a", 10);

        slow.wakeUp();

        assertThat(slow.lines()).isEqualTo(numbers(6, 10));
        assertThat(quick.lines()).containsExactly(FORGOTTEN);
    }

    @Test
    void pages_from_before_are_given_to_nobody_after() {
        RecordingSubscriber slow = twenty(5);
        RecordingSubscriber before = RecordingSubscriber.of(node, Start.after("a", new Position("e1", 6)));
        assertThat(before.lines()).isEqualTo(numbers(7, 20));
        node.log.failOver("a", 8);
        node.publish("a", 101, 130);

        slow.wakeUp();

        assertThat(slow.lines())
                .startsWith("6", "7", "8", "101", "102")
                .endsWith("130")
                .hasSize(33);
    }

    @Test
    void where_new_messages_have_passed_the_old_end_already_none_is_missed() {
        node.hub().pollHeads(INTERVAL);
        RecordingSubscriber slow = twenty(12);
        node.log.failOver("a", 10);
        node.publishElsewhere("a", 101, 115);

        node.executors.pass(INTERVAL);
        slow.wakeUp();

        assertThat(quick.lines().get(0)).isEqualTo(FORGOTTEN);
        assertThat(quick.lines().subList(1, 16)).isEqualTo(numbers(101, 115));
        assertThat(slow.lines().get(0)).isEqualTo("forgotten e1:10..e1:13");
        assertThat(slow.lines().subList(1, 16)).isEqualTo(numbers(101, 115));
    }

    @Test
    void where_new_messages_have_just_reached_the_old_end_it_is_told_all_the_same() {
        node.hub().pollHeads(INTERVAL);
        twenty(5);
        node.log.failOver("a", 10);
        node.publishElsewhere("a", 101, 110);

        node.executors.pass(INTERVAL);

        assertThat(quick.lines().get(0)).isEqualTo(FORGOTTEN);
        assertThat(quick.lines().subList(1, 11)).isEqualTo(numbers(101, 110));
    }

    /** One who has read up to 22 where memory has heard of 20. */
    private RecordingSubscriber ahead() {
        RecordingSubscriber ahead = twenty(18);
        node.publishElsewhere("a", 21, 30);
        node.executors.pass(Duration.ofMinutes(6));
        ahead.wakeUp();
        assertThat(ahead.takeLines()).isEqualTo(numbers(19, 22));
        return ahead;
    }

    @Test
    void over_a_web_socket_it_is_told_too() {
        node.hub().pollHeads(INTERVAL);
        WireClient ann = new WireClient(node.connections());
        ann.subscribe(1, "a", "");
        node.run();
        twenty(5);
        node.log.failOver("a", 10);
        node.publishElsewhere("a", 101, 110);

        node.executors.pass(INTERVAL);

        assertThat(ann.matching(line -> line.containsKey("forgotten")))
                .singleElement()
                .asString()
                .isEqualTo("{\"channel\":\"a\",\"forgotten\":{\"after\":\"e1:10\",\"before\":\"e1:21\"},"
                        + "\"ancestors\":[[\"e1\",10]]}");
        assertThat(ann.data("a").subList(20, 30)).isEqualTo(numbers(101, 110));
    }

    @Test
    void who_has_read_further_than_memory_has_heard_of_is_told_nothing() {
        RecordingSubscriber ahead = ahead();

        look();
        node.publish("a", 31, 32);

        assertThat(ahead.lines()).isEqualTo(numbers(23, 32));
        assertThat(quick.lines()).isEqualTo(numbers(21, 32));
    }

    @Test
    void what_was_read_further_than_memory_has_heard_of_is_told_when_it_is_forgotten() {
        RecordingSubscriber ahead = ahead();
        node.log.failOver("a", 21);

        look();

        assertThat(ahead.lines()).containsExactly("forgotten e1:21..e1:23");
        assertThat(quick.lines()).containsExactly("21");
    }

    @Test
    void commits_of_an_epoch_that_begins_are_given_once_whenever_its_lineage_is_read() {
        for (int early = 1; early <= 4; early++) {
            ManualNode racing = new ManualNode();
            RecordingSubscriber reader = RecordingSubscriber.of(racing, Start.now("a"));
            racing.publish("a", 1, 5);
            racing.log.failOver("a", 4);
            racing.executors.reads().hold();
            racing.publish("a", 101, 100 + early);
            int told = early;
            racing.log.readBeforeTold(() -> racing.publish("a", 101 + told, 102 + told));
            racing.executors.reads().letGo();
            racing.run();

            assertThat(reader.takeLines().subList(0, 6)).endsWith("forgotten e1:4..e1:6");
            racing.publish("a", 103 + early, 110);
            assertThat(RecordingSubscriber.of(racing, Start.after("a", new Position("e1", 4)))
                            .lines())
                    .isEqualTo(numbers(101, 110));
        }
    }

    @Test
    void commits_while_the_lineage_is_read_are_told_without_another_to_show_the_hole() {
        node.publish("a", 1, 5);
        node.log.failOver("a", 4);
        node.executors.reads().hold();
        node.publish("a", 101, 101);
        node.log.readBeforeTold(() -> node.publish("a", 102, 103));
        node.executors.reads().letGo();
        node.run();

        assertThat(quick.lines()).containsExactly("1", "2", "3", "4", "5", "forgotten e1:4..e1:6", "101", "102", "103");
    }

    @Test
    void an_answer_from_before_the_failover_that_comes_late_is_not_taken_for_the_log() {
        node.hub().pollHeads(INTERVAL);
        twenty(5);
        node.log.readBeforeTold(() -> {
            node.log.failOver("a", 10);
            node.executors.pass(INTERVAL);
            node.executors.pass(INTERVAL);
        });
        RecordingSubscriber late = RecordingSubscriber.begin(node, Identity.SERVER, Start.history("a", 20), PLAIN);
        node.run();

        assertThat(late.started().head()).isEqualTo(new Position("e1", 10));
        assertThat(late.lines()).isEqualTo(numbers(1, 10));
        assertThat(quick.lines()).containsExactly(FORGOTTEN);
    }

    @Test
    void a_commit_from_before_the_failover_that_is_told_late_is_forgotten_too() {
        node.hub().pollHeads(INTERVAL);
        RecordingSubscriber slow = twenty(15);
        node.log.appendedBeforeTold(() -> {
            node.log.failOver("a", 10);
            node.executors.pass(INTERVAL);
            node.executors.pass(INTERVAL);
        });
        node.publish("a", 21, 21);
        node.executors.pass(INTERVAL.multipliedBy(3));
        node.publish("a", 101, 101);
        slow.wakeUp();

        assertThat(quick.lines()).containsExactly(FORGOTTEN, "101");
        assertThat(slow.lines()).containsExactly("forgotten e1:10..e1:16", "101");
    }

    @Test
    void who_is_told_of_two_branches_at_once_is_told_of_one_hole() {
        RecordingSubscriber slow = twenty(20);
        node.log.failOver("a", 10);
        node.publish("a", 101, 105);
        node.log.failOver("a", 12);
        node.publish("a", 201, 202);

        slow.wakeUp();

        assertThat(slow.lines()).containsExactly(FORGOTTEN, "101", "102", "201", "202");
        assertThat(quick.lines())
                .containsExactly(FORGOTTEN, "101", "102", "103", "104", "105", "forgotten e2:12..e2:16", "201", "202");
    }

    @Test
    void content_in_memory_is_found_at_its_own_position_alone() {
        RecordingSubscriber.of(node, Start.now("typing.a"));
        Position published = node.publish("typing.a", "1").join();
        RecentEntries messages = node.hub().active("typing.a").orElseThrow().messages();

        assertThat(messages.find(published)).isPresent();
        assertThat(messages.find(new Position("other", published.offset()))).isEmpty();
    }
}
