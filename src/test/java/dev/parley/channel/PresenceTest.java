package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identity;
import dev.parley.api.PresenceSnapshot;
import dev.parley.protocol.Member;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is on a channel, and what the others are told about it. */
class PresenceTest {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration NEARLY = Duration.ofMillis(4_900);
    private static final String ROOM = "room.a";

    private final ManualNode node = new ManualNode();

    @Test
    void who_comes_and_goes_is_told_to_all_who_are_there_and_to_himself() {
        RecordingSubscriber ann = reader("ann");
        RecordingSubscriber bob = reader("bob");
        bob.close();
        node.executors.pass(GRACE);

        assertThat(ann.lines()).containsExactly("join ann", "join bob", "leave bob");
        assertThat(bob.lines()).containsExactly("join bob");
        assertThat(users()).containsExactly("ann");
    }

    @Test
    void one_user_with_three_connections_is_one_member_until_the_last_is_gone() {
        RecordingSubscriber watcher = reader("watcher");
        List<RecordingSubscriber> three = List.of(reader("ann"), reader("ann"), reader("ann"));
        assertThat(users()).containsExactly("watcher", "ann");

        three.get(0).close();
        three.get(2).close();
        node.executors.pass(GRACE.multipliedBy(3));
        assertThat(watcher.lines()).containsExactly("join watcher", "join ann");

        three.get(1).close();
        node.executors.pass(GRACE);
        assertThat(watcher.takeLines()).endsWith("leave ann");
        assertThat(users()).containsExactly("watcher");
    }

    @Test
    void who_reconnects_within_the_grace_has_not_left() {
        RecordingSubscriber watcher = reader("watcher");
        RecordingSubscriber ann = reader("ann");
        ann.close();
        node.executors.pass(NEARLY);
        assertThat(users()).contains("ann");

        RecordingSubscriber back = reader("ann");
        node.executors.pass(GRACE.multipliedBy(2));

        assertThat(watcher.lines()).containsExactly("join watcher", "join ann");
        assertThat(back.lines()).isEmpty();
    }

    @Test
    void each_time_of_grace_begins_with_the_last_leave() {
        RecordingSubscriber watcher = reader("watcher");
        reader("ann").close();
        node.executors.pass(NEARLY);
        reader("ann").close();
        node.executors.pass(NEARLY);

        assertThat(watcher.takeLines()).containsExactly("join watcher", "join ann");
        node.executors.pass(GRACE.minus(NEARLY));
        assertThat(watcher.takeLines()).containsExactly("leave ann");
    }

    @Test
    void who_comes_back_by_another_name_is_listed_by_it() {
        RecordingSubscriber watcher = reader("watcher");
        RecordingSubscriber before =
                RecordingSubscriber.of(node, new Identity("ann", Optional.of("Ann")), Start.now(ROOM));
        before.close();
        RecordingSubscriber.of(node, new Identity("ann", Optional.of("Anna")), Start.now(ROOM));
        node.executors.pass(GRACE.multipliedBy(2));

        assertThat(watcher.lines()).containsExactly("join watcher", "join ann", "join ann");
        assertThat(node.channels().presence(Identity.SERVER, ROOM).members())
                .contains(new Member("ann", Optional.of("Anna")))
                .hasSize(2);
    }

    @Test
    void who_may_not_see_who_is_there_is_told_nothing_and_seen_by_others() {
        node.policy = (identity, action, channel) ->
                action != ChannelPolicy.Action.PRESENCE || !identity.user().equals("ann");
        RecordingSubscriber ann = reader("ann");
        RecordingSubscriber bob = reader("bob");
        node.say(ROOM, "1");

        assertThat(ann.lines()).containsExactly("1");
        assertThat(bob.lines()).containsExactly("join bob", "1");
        assertThat(users()).containsExactlyInAnyOrder("ann", "bob");
    }

    @Test
    void a_subscription_that_is_closed_twice_leaves_once() {
        RecordingSubscriber first = reader("ann");
        reader("ann");
        first.close();
        first.close();
        node.executors.pass(GRACE);

        assertThat(users()).containsExactly("ann");
    }

    @Test
    void a_subscription_that_never_started_was_never_present() {
        var opened = node.channels()
                .subscribe(identity("ann"), Start.now(ROOM), RecordingSubscriber.PLAIN, ready -> {})
                .toCompletableFuture();
        node.run();
        assertThat(users()).isEmpty();

        opened.join().close();
        opened.join().start();
        node.run();

        assertThat(users()).isEmpty();
    }

    @Test
    void above_the_limit_only_the_count_is_told_and_not_for_each() {
        RecordingSubscriber watcher = reader("u1");
        reader("u2");
        reader("u3");
        watcher.takeLines();
        List<RecordingSubscriber> many = new ArrayList<>();
        for (int i = 4; i <= 20; i++) {
            many.add(reader("u" + i));
        }
        assertThat(watcher.lines()).isEmpty();
        node.executors.pass(Duration.ofSeconds(1));
        assertThat(watcher.takeLines()).containsExactly("members 20");

        many.forEach(RecordingSubscriber::close);
        node.executors.pass(GRACE.plusSeconds(1));

        assertThat(watcher.takeLines()).containsExactly("leave u20", "members 3");
        assertThat(node.channels().presence(Identity.SERVER, ROOM).count()).isEqualTo(3);
    }

    @Test
    void who_fell_too_far_behind_is_told_how_many_there_are() {
        node.memory = new HubSettings(
                8, 1 << 16, 1 << 20, 4, 1 << 16, 1 << 16, Duration.ofMinutes(1), GRACE, 100_000, 1_000, 1 << 16);
        RecordingSubscriber slow = reader("slow").slow();
        slow.takeLines();
        for (int i = 0; i < 1_500; i++) {
            reader("u" + i).close();
        }
        node.executors.pass(GRACE);

        slow.wakeUp();
        reader("late");

        assertThat(slow.lines()).containsExactly("members 1", "join late");
    }

    @Test
    void a_snapshot_and_what_follows_it_add_up() {
        RecordingSubscriber ann = reader("ann");
        reader("bob").close();
        PresenceSnapshot snapshot = node.channels().presence(Identity.SERVER, ROOM);
        List<String> following = new ArrayList<>();
        ann.takeLines();
        node.executors.pass(GRACE);
        reader("carl");
        following.addAll(ann.takeLines());

        assertThat(snapshot.members()).extracting(Member::user).containsExactly("ann", "bob");
        assertThat(following).containsExactly("leave bob", "join carl");
        PresenceSnapshot later = node.channels().presence(Identity.SERVER, ROOM);
        assertThat(later.position().epoch()).isEqualTo(snapshot.position().epoch());
        assertThat(later.position().offset()).isEqualTo(snapshot.position().offset() + 2);
        assertThat(users()).containsExactly("ann", "carl");
    }

    @Test
    void nobody_is_on_a_channel_that_nobody_uses_or_that_tells_no_presence() {
        RecordingSubscriber.of(node, identity("ann"), Start.now("quiet.a"));

        assertThat(node.channels().presence(Identity.SERVER, "room.none")).isEqualTo(PresenceSnapshot.EMPTY);
        assertThat(node.channels().presence(Identity.SERVER, "quiet.a")).isEqualTo(PresenceSnapshot.EMPTY);
    }

    @Test
    void who_comes_while_the_reply_to_a_subscription_leaves_is_told_too() {
        List<String> told = new ArrayList<>();
        var opened = node.channels()
                .subscribe(identity("bob"), Start.now(ROOM), RecordingSubscriber.PLAIN, ready -> {
                    var batch = ready.next(BatchLimit.of(RecordingSubscriber.MOST));
                    while (batch.isPresent()) {
                        batch.get().pieces().forEach(piece -> told.add(((Encoded.Text) piece).text()));
                        batch = ready.next(BatchLimit.of(RecordingSubscriber.MOST));
                    }
                })
                .toCompletableFuture();
        node.run();
        reader("ann");

        opened.join().start();
        node.run();

        assertThat(String.join("\n", told)).isEqualTo("join ann\njoin bob");
    }

    @Test
    void messages_go_before_news_of_who_is_there() {
        RecordingSubscriber slow = reader("slow").slow();
        slow.takeLines();
        reader("ann");
        node.publish(ROOM, 1, 2);

        slow.wakeUp();

        assertThat(slow.lines()).containsExactly("1", "2", "join ann");
    }

    private RecordingSubscriber reader(String user) {
        return RecordingSubscriber.of(node, identity(user), Start.now(ROOM));
    }

    private List<String> users() {
        return node.channels().presence(Identity.SERVER, ROOM).members().stream()
                .map(Member::user)
                .toList();
    }

    private static Identity identity(String user) {
        return new Identity(user, Optional.empty());
    }
}
