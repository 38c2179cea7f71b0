package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Command;
import dev.parley.security.Identity;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import org.junit.jupiter.api.Test;

class ReadersTest {
    private final ManualNode node = new ManualNode();
    private final Readers readers = new Readers();
    private final Subscription first = subscription();
    private final Subscription second = subscription();
    private final Subscription third = subscription();

    @Test
    void theyStandInTheOrderInWhichTheyCameAndEachOnce() {
        assertThat(readers.isEmpty()).isTrue();
        assertThat(readers.add(second)).isTrue();
        assertThat(readers.now()).containsExactly(second);
        assertThat(readers.add(first)).isTrue();
        assertThat(readers.add(second)).isFalse();
        assertThat(readers.add(third)).isTrue();

        assertThat(readers.now()).containsExactly(second, first, third);
    }

    @Test
    void nothingHoldsOneThatHasGone() {
        readers.add(first);
        readers.add(second);
        assertThat(readers.now()).containsExactly(first, second);

        assertThat(readers.remove(first)).isTrue();
        assertThat(readers.remove(first)).isFalse();
        assertThat(readers.now()).containsExactly(second);

        readers.remove(second);
        assertThat(readers.now()).isEmpty();
        assertThat(readers.isEmpty()).isTrue();
    }

    @Test
    void whoeverGoesThroughThemMeetsThoseOfTheMomentWhenItBegan() {
        readers.add(first);
        Subscription[] before = readers.now();
        readers.add(second);

        assertThat(before).containsExactly(first);
        assertThat(readers.now()).containsExactly(first, second);
    }

    private Subscription subscription() {
        var opened = node.channels()
                .subscribe(Identity.SERVER, Command.Start.now("room.a"), RecordingSubscriber.PLAIN, ready -> {})
                .toCompletableFuture();
        node.run();
        return opened.join();
    }
}
