package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import dev.parley.protocol.Start;
import dev.parley.testing.ManualNode;
import dev.parley.testing.RecordingSubscriber;
import org.junit.jupiter.api.Test;

class SubscriptionSetTest {
    private final ManualNode node = new ManualNode();
    private final SubscriptionSet subscriptions = new SubscriptionSet();
    private final Subscription first = subscription();
    private final Subscription second = subscription();
    private final Subscription third = subscription();

    @Test
    void they_stand_in_the_order_in_which_they_came_and_each_once() {
        assertThat(subscriptions.isEmpty()).isTrue();
        assertThat(subscriptions.add(second)).isTrue();
        assertThat(subscriptions.now()).containsExactly(second);
        assertThat(subscriptions.add(first)).isTrue();
        assertThat(subscriptions.add(second)).isFalse();
        assertThat(subscriptions.add(third)).isTrue();

        assertThat(subscriptions.now()).containsExactly(second, first, third);
    }

    @Test
    void nothing_holds_one_that_has_gone() {
        subscriptions.add(first);
        subscriptions.add(second);
        assertThat(subscriptions.now()).containsExactly(first, second);

        assertThat(subscriptions.remove(first)).isTrue();
        assertThat(subscriptions.remove(first)).isFalse();
        assertThat(subscriptions.now()).containsExactly(second);

        subscriptions.remove(second);
        assertThat(subscriptions.now()).isEmpty();
        assertThat(subscriptions.isEmpty()).isTrue();
    }

    @Test
    void whoever_goes_through_them_meets_those_of_the_moment_when_it_began() {
        subscriptions.add(first);
        Subscription[] before = subscriptions.now();
        subscriptions.add(second);

        assertThat(before).containsExactly(first);
        assertThat(subscriptions.now()).containsExactly(first, second);
    }

    private Subscription subscription() {
        var opened = node.channels()
                .subscribe(Identity.SERVER, Start.now("room.a"), RecordingSubscriber.PLAIN, ready -> {})
                .toCompletableFuture();
        node.run();
        return opened.join();
    }
}
