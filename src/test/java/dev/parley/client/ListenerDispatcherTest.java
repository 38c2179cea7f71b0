package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerDispatcherTest {
    private final AtomicInteger drained = new AtomicInteger();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final List<Integer> called = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger calledWhenDrained = new AtomicInteger();
    private final ListenerDispatcher dispatcher = new ListenerDispatcher(Thread::new, this::drained);

    @AfterEach
    void stop() throws InterruptedException {
        slow.countDown();
        dispatcher.close(() -> {});
        dispatcher.await(Duration.ofSeconds(20));
    }

    @Test
    void calls_come_in_their_order_whatever_one_of_them_throws() {
        dispatcher.call(() -> called.add(1));
        dispatcher.call(() -> {
            throw new AssertionError("of a listener, as the test wants it");
        });
        assertThat(dispatcher.offer(10, () -> called.add(2))).isTrue();
        await().until(() -> called.equals(List.of(1, 2)));
        assertThat(drained).hasValue(0);
    }

    @Test
    void there_is_room_for_so_many_and_when_half_is_free_again_it_is_told_once() throws InterruptedException {
        block();
        int taken = fill(1);
        assertThat(taken).isEqualTo(ListenerDispatcher.MOST_CALLS);
        assertThat(dispatcher.hasRoom()).isFalse();
        assertThat(drained).hasValue(0);
        slow.countDown();
        await().until(() -> called.size() == taken);
        assertThat(called).isEqualTo(IntStream.range(0, taken).boxed().toList());
        await().until(() -> drained.get() == 1);
        assertThat(calledWhenDrained).hasValue(taken / 2);
        assertThat(dispatcher.hasRoom()).isTrue();
        dispatcher.close(() -> {});
        dispatcher.await(Duration.ofSeconds(20));
        assertThat(drained).hasValue(1);
    }

    @Test
    void there_is_room_for_so_many_bytes_what_is_being_looked_at_included() {
        assertThat(dispatcher.offer(ListenerDispatcher.MOST_SIZE * 2, this::awaitSlow))
                .isTrue(); // any size, when none waits
        assertThat(dispatcher.offer(1, () -> {})).isFalse();
        slow.countDown();
        await().until(() -> drained.get() == 1);
        assertThat(dispatcher.offer(1, () -> called.add(1))).isTrue();
    }

    @Test
    void the_few_other_calls_find_room_always() {
        block();
        fill(1);
        dispatcher.call(() -> called.add(-1));
        slow.countDown();
        await().until(() -> called.contains(-1));
    }

    @Test
    void when_it_is_closed_what_waits_is_dropped_but_for_the_last_word() throws InterruptedException {
        block();
        fill(1);
        dispatcher.close(() -> called.add(-1));
        dispatcher.call(() -> called.add(-2));
        slow.countDown();
        dispatcher.await(Duration.ofSeconds(20));
        assertThat(called).containsExactly(-1);
    }

    private void drained() {
        calledWhenDrained.set(called.size());
        drained.incrementAndGet();
    }

    private void block() {
        CountDownLatch begun = new CountDownLatch(1);
        dispatcher.call(() -> {
            begun.countDown();
            awaitSlow();
        });
        await().until(() -> begun.getCount() == 0);
    }

    private int fill(long bytes) {
        int taken = 0;
        for (int number = 0; offer(bytes, number); number++) {
            taken++;
        }
        return taken;
    }

    private boolean offer(long bytes, int number) {
        return dispatcher.offer(bytes, () -> called.add(number));
    }

    private void awaitSlow() {
        try {
            slow.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
