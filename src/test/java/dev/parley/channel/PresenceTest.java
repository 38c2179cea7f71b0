package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Command;
import dev.parley.protocol.Member;
import dev.parley.security.ChannelPolicy;
import dev.parley.security.Identity;
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
    void whoComesAndGoesIsToldToAllWhoAreThereAndToHimself() {
        RecordingSubscriber ann = reader("ann");
        RecordingSubscriber bob = reader("bob");
        bob.close();
        node.threads.pass(GRACE);

        assertThat(ann.lines()).containsExactly("join ann", "join bob", "leave bob");
        assertThat(bob.lines()).containsExactly("join bob");
        assertThat(users()).containsExactly("ann");
    }

    @Test
    void oneUserWithThreeConnectionsIsOneMemberUntilTheLastIsGone() {
        RecordingSubscriber watcher = reader("watcher");
        List<RecordingSubscriber> three = List.of(reader("ann"), reader("ann"), reader("ann"));
        assertThat(users()).containsExactly("watcher", "ann");

        three.get(0).close();
        three.get(2).close();
        node.threads.pass(GRACE.multipliedBy(3));
        assertThat(watcher.lines()).containsExactly("join watcher", "join ann");

        three.get(1).close();
        node.threads.pass(GRACE);
        assertThat(watcher.takeLines()).endsWith("leave ann");
        assertThat(users()).containsExactly("watcher");
    }

    @Test
    void whoReconnectsWithinTheGraceHasNotLeft() {
        RecordingSubscriber watcher = reader("watcher");
        RecordingSubscriber ann = reader("ann");
        ann.close();
        node.threads.pass(NEARLY);
        assertThat(users()).contains("ann");

        RecordingSubscriber back = reader("ann");
        node.threads.pass(GRACE.multipliedBy(2));

        assertThat(watcher.lines()).containsExactly("join watcher", "join ann");
        assertThat(back.lines()).isEmpty();
    }

    @Test
    void eachTimeOfGraceBeginsWithTheLastLeave() {
        RecordingSubscriber watcher = reader("watcher");
        reader("ann").close();
        node.threads.pass(NEARLY);
        reader("ann").close();
        node.threads.pass(NEARLY);

        assertThat(watcher.takeLines()).containsExactly("join watcher", "join ann");
        node.threads.pass(GRACE.minus(NEARLY));
        assertThat(watcher.takeLines()).containsExactly("leave ann");
    }

    @Test
    void whoComesBackByAnotherNameIsListedByIt() {
        RecordingSubscriber watcher = reader("watcher");
        RecordingSubscriber before =
                RecordingSubscriber.of(node, new Identity("ann", Optional.of("Ann")), Command.Start.now(ROOM));
        before.close();
        RecordingSubscriber.of(node, new Identity("ann", Optional.of("Anna")), Command.Start.now(ROOM));
        node.threads.pass(GRACE.multipliedBy(2));

        assertThat(watcher.lines()).containsExactly("join watcher", "join ann", "join ann");
        assertThat(node.channels().presence(Identity.SERVER, ROOM).members())
                .contains(new Member("ann", Optional.of("Anna")))
                .hasSize(2);
    }

    @Test
    void whoMayNotSeeWhoIsThereIsToldNothingAndSeenByOthers() {
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
    void aSubscriptionThatIsClosedTwiceLeavesOnce() {
        RecordingSubscriber first = reader("ann");
        reader("ann");
        first.close();
        first.close();
        node.threads.pass(GRACE);

        assertThat(users()).containsExactly("ann");
    }

    @Test
    void aSubscriptionThatNeverStartedWasNeverPresent() {
        var opened = node.channels()
                .subscribe(identity("ann"), Command.Start.now(ROOM), RecordingSubscriber.PLAIN, ready -> {})
                .toCompletableFuture();
        node.run();
        assertThat(users()).isEmpty();

        opened.join().close();
        opened.join().start();
        node.run();

        assertThat(users()).isEmpty();
    }

    @Test
    void aboveTheLimitOnlyTheCountIsToldAndNotForEach() {
        RecordingSubscriber watcher = reader("u1");
        reader("u2");
        reader("u3");
        watcher.takeLines();
        List<RecordingSubscriber> many = new ArrayList<>();
        for (int i = 4; i <= 20; i++) {
            many.add(reader("u" + i));
        }
        assertThat(watcher.lines()).isEmpty();
        node.threads.pass(Duration.ofSeconds(1));
        assertThat(watcher.takeLines()).containsExactly("members 20");

        many.forEach(RecordingSubscriber::close);
        node.threads.pass(GRACE.plusSeconds(1));

        assertThat(watcher.takeLines()).containsExactly("leave u20", "members 3");
        assertThat(node.channels().presence(Identity.SERVER, ROOM).count()).isEqualTo(3);
    }

    @Test
    void whoFellTooFarBehindIsToldHowManyThereAre() {
        node.memory = new HubSettings(8, 1 << 16, 1 << 20, 4, 1 << 16, 1 << 16, Duration.ofMinutes(1), GRACE, 100_000);
        RecordingSubscriber slow = reader("slow").slow();
        slow.takeLines();
        for (int i = 0; i < 1_500; i++) {
            reader("u" + i).close();
        }
        node.threads.pass(GRACE);

        slow.wakeUp();
        reader("late");

        assertThat(slow.lines()).containsExactly("members 1", "join late");
    }

    @Test
    void aSnapshotAndWhatFollowsItAddUp() {
        RecordingSubscriber ann = reader("ann");
        reader("bob").close();
        PresenceSnapshot snapshot = node.channels().presence(Identity.SERVER, ROOM);
        List<String> following = new ArrayList<>();
        ann.takeLines();
        node.threads.pass(GRACE);
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
    void nobodyIsOnAChannelThatNobodyUsesOrThatTellsNoPresence() {
        RecordingSubscriber.of(node, identity("ann"), Command.Start.now("quiet.a"));

        assertThat(node.channels().presence(Identity.SERVER, "room.none")).isEqualTo(PresenceSnapshot.EMPTY);
        assertThat(node.channels().presence(Identity.SERVER, "quiet.a")).isEqualTo(PresenceSnapshot.EMPTY);
    }

    @Test
    void whoComesWhileTheReplyToASubscriptionLeavesIsToldToo() {
        List<String> told = new ArrayList<>();
        var opened = node.channels()
                .subscribe(identity("bob"), Command.Start.now(ROOM), RecordingSubscriber.PLAIN, ready -> {
                    var batch = ready.next(Room.of(RecordingSubscriber.MOST));
                    while (batch.isPresent()) {
                        batch.get().pieces().forEach(piece -> told.add(((Encoded.Text) piece).text()));
                        batch = ready.next(Room.of(RecordingSubscriber.MOST));
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
    void messagesGoBeforeNewsOfWhoIsThere() {
        RecordingSubscriber slow = reader("slow").slow();
        slow.takeLines();
        reader("ann");
        node.publish(ROOM, 1, 2);

        slow.wakeUp();

        assertThat(slow.lines()).containsExactly("1", "2", "join ann");
    }

    private RecordingSubscriber reader(String user) {
        return RecordingSubscriber.of(node, identity(user), Command.Start.now(ROOM));
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
