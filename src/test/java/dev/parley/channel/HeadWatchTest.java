package dev.parley.channel;

import static dev.parley.testing.RecordingSubscriber.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.log.LogException;
import dev.parley.protocol.Command;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that shares its log with others. */
class HeadWatchTest {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final ManualNode node = new ManualNode();

    @BeforeEach
    void watch() {
        node.hub().watch(INTERVAL);
    }

    @Test
    void whatAnotherNodeAppendsIsDelivered() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Command.Start.now("a"));
        node.publishElsewhere("a", 1, 20);
        assertThat(reader.lines()).isEmpty();

        node.threads.pass(Duration.ofMillis(300));

        assertThat(reader.lines()).isEqualTo(numbers(1, 20));
    }

    @Test
    void whatBothAppendIsDeliveredInOneOrder() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Command.Start.now("a"));
        node.publish("a", 1, 3);
        node.publishElsewhere("a", 4, 8);
        node.publish("a", 9, 10);
        node.publishElsewhere("a", 11, 12);
        node.threads.pass(Duration.ofMillis(300));
        node.publish("a", 13, 13);

        assertThat(reader.lines()).isEqualTo(numbers(1, 13));
    }

    @Test
    void ownCommitsThatAreJustAboutToBeToldStayInMemory() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Command.Start.now("a"));
        node.publish("a", 1, 3);
        node.threads.writer().hold();
        // The log holds it, and the writer has not come round to saying so
        node.log.appendedBeforeTold(() -> node.threads.pass(INTERVAL));
        var unused = node.channels().publish("a", new dev.parley.protocol.Body.Json("4"));
        node.threads.writer().runOne();
        node.threads.writer().letGo();
        node.threads.pass(Duration.ofMillis(300));

        assertThat(reader.lines()).isEqualTo(numbers(1, 4));
        assertThat(node.log.takeReads()).isEmpty();
    }

    @Test
    void channelsThatNobodyReadsAreNotLookedAt() {
        RecordingSubscriber.of(node, Command.Start.now("a")).close();
        node.publish("a", 1, 3);
        assertThat(node.hub().size()).isEqualTo(1);
        int before = node.log.headReads();

        node.threads.pass(Duration.ofSeconds(5));

        assertThat(node.log.headReads()).isEqualTo(before);
    }

    @Test
    void looksDoNotPileUpWhereTheLogIsSlow() {
        RecordingSubscriber.of(node, Command.Start.now("a"));
        node.threads.reads().hold();
        node.threads.pass(Duration.ofSeconds(5));

        assertThat(node.threads.reads().waiting()).isEqualTo(1);
    }

    @Test
    void aLogThatGoesAwayIsLookedAtAgain() {
        RecordingSubscriber reader = RecordingSubscriber.of(node, Command.Start.now("a"));
        node.log.fail(LogException.Kind.UNAVAILABLE);
        node.threads.pass(Duration.ofSeconds(1));
        node.log.heal();
        node.publishElsewhere("a", 1, 2);
        node.threads.pass(Duration.ofMillis(300));

        assertThat(reader.lines()).isEqualTo(numbers(1, 2));
    }

    @Test
    void itEndsWithTheHub() {
        RecordingSubscriber.of(node, Command.Start.now("a"));
        node.hub().close();
        int before = node.log.headReads();
        node.threads.pass(Duration.ofSeconds(1));

        assertThat(node.log.headReads()).isEqualTo(before);
    }
}
