package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Following;
import dev.parley.api.Identity;
import dev.parley.api.PresenceSnapshot;
import dev.parley.protocol.Body;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.WireClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cursor of the application's own. */
class FollowingTest {
    private final ManualNode node = new ManualNode();
    private final List<Push> heard = new ArrayList<>();

    @Test
    void it_hears_what_was_said_before_and_what_comes_in_order() {
        node.publish("a", 1, 20);
        follow(Start.after("a", Position.NONE));
        node.publish("a", 21, 25);

        assertThat(said()).isEqualTo(numbers(1, 25));
    }

    @Test
    void from_now_on_it_hears_nothing_older() {
        node.publish("a", 1, 3);
        follow(Start.now("a"));
        node.publish("a", 4, 5);

        assertThat(said()).isEqualTo(numbers(4, 5));
    }

    @Test
    void more_than_one_turn_holds_is_heard_to_the_end() {
        node.publish("a", 1, 5_000);
        follow(Start.after("a", Position.NONE));

        assertThat(said()).isEqualTo(numbers(1, 5_000));
    }

    @Test
    void what_a_listener_throws_costs_only_that_push() {
        node.channels().follow(Start.now("a"), push -> {
            heard.add(push);
            throw new IllegalStateException("as the test wants it");
        });
        node.run();
        node.publish("a", 1, 3);

        assertThat(said()).isEqualTo(numbers(1, 3));
    }

    @Test
    void an_error_that_a_listener_throws_costs_only_that_push() {
        node.channels().follow(Start.now("a"), push -> {
            heard.add(push);
            throw new AssertionError("as the test wants it");
        });
        node.run();
        node.publish("a", 1, 3);

        assertThat(said()).isEqualTo(numbers(1, 3));
    }

    @Test
    void while_a_listener_waits_everybody_else_is_told() {
        follow(Start.now("a"));
        WireClient ann = new WireClient(node.connections());
        ann.subscribe(1, "a", "");
        node.run();
        node.executors.foreign().hold();
        node.publish("a", 1, 3);

        assertThat(ann.data("a")).isEqualTo(numbers(1, 3));
        assertThat(heard).isEmpty();
        node.executors.foreign().letGo();
        node.run();
        assertThat(said()).isEqualTo(numbers(1, 3));
    }

    @Test
    void where_for_a_while_no_thread_takes_the_telling_all_is_heard_afterwards() {
        follow(Start.now("a"));
        node.executors.foreign().reject(true);
        node.publish("a", 1, 2);
        node.executors.foreign().reject(false);
        node.publish("a", 3, 3);

        assertThat(said()).isEqualTo(numbers(1, 3));
    }

    @Test
    void it_is_not_present_and_hears_who_is() {
        follow(Start.now("room.a"));
        WireClient ann = new WireClient(node.connections());
        ann.subscribe(1, "room.a", "");
        node.run();

        PresenceSnapshot there = node.channels().presence(Identity.SERVER, "room.a");
        assertThat(there.members())
                .singleElement()
                .extracting(Member::user)
                .asString()
                .startsWith("guest-");
        assertThat(heard)
                .containsExactly(new Push.Join("room.a", there.members().get(0), there.position()));
    }

    @Test
    void after_its_end_it_hears_nothing() {
        Following following = follow(Start.now("a"));
        node.publish("a", 1, 1);
        following.close();
        node.publish("a", 2, 2);

        assertThat(said()).isEqualTo(numbers(1, 1));
    }

    @Test
    void it_is_told_what_the_log_has_forgotten_and_goes_on() {
        node.publish("a", 1, 5);
        follow(Start.after("a", Position.NONE));
        node.log.failOver("a", 3);
        node.publish("a", 101, 102);

        Position three = new Position("e1", 3);
        assertThat(heard.get(5))
                .isEqualTo(new Push.Forgotten(
                        "a", new Push.Range(three, three.at(6)), List.of(new Lineage.Ancestor("e1", 3))));
        assertThat(heard).hasSize(8);
    }

    @Test
    void it_has_caught_up_when_it_was_told_what_there_was_when_it_began() {
        node.publish("a", 1, 20);
        node.executors.foreign().hold();
        Following following = follow(Start.after("a", Position.NONE));
        Following atTheEnd = follow(Start.now("a"));
        assertThat(following.caughtUp().toCompletableFuture()).isNotDone();
        node.executors.foreign().letGo();
        node.run();

        assertThat(following.caughtUp().toCompletableFuture()).isCompleted();
        assertThat(atTheEnd.caughtUp().toCompletableFuture()).isCompleted();
    }

    @Test
    void it_has_caught_up_with_what_is_left_where_the_log_has_forgotten_its_end() {
        node.publish("a", 1, 20);
        node.executors.foreign().hold();
        Following following = follow(Start.after("a", Position.NONE));
        node.log.failOver("a", 10);
        node.executors.foreign().letGo();
        node.run();

        assertThat(said()).isEqualTo(numbers(1, 10));
        assertThat(following.caughtUp().toCompletableFuture()).isCompleted();
    }

    private Following follow(Start start) {
        var following = node.channels().follow(start, heard::add).toCompletableFuture();
        node.run();
        return following.join();
    }

    private List<String> said() {
        return heard.stream()
                .map(push -> ((Body.Json) ((Message) push).body()).text())
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return java.util.stream.IntStream.rangeClosed(from, to)
                .mapToObj(Integer::toString)
                .toList();
    }
}
