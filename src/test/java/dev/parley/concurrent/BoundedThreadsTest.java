package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads for what may hang: so many, and no more that wait. */
class BoundedThreadsTest {
    private static final long SECONDS = 30;

    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final BoundedThreads threads = new BoundedThreads(2, 3, this::thread);

    @AfterEach
    void stop() throws InterruptedException {
        end.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void no_more_hang_and_no_more_wait_than_there_is_room_for() {
        for (int i = 0; i < 5; i++) {
            threads.execute(this::hang);
        }

        assertThatThrownBy(() -> threads.execute(this::hang)).isInstanceOf(RejectedExecutionException.class);
        assertThat(made).hasValue(2);
    }

    @Test
    void what_a_task_throws_ends_no_thread() throws InterruptedException {
        List<Thread> on = new ArrayList<>();
        BoundedThreads one = new BoundedThreads(1, 3, this::thread);
        CountDownLatch done = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            one.execute(() -> {
                on.add(Thread.currentThread());
                done.countDown();
                throw new AssertionError("as the test wants it");
            });
        }

        assertThat(done.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        one.shutdown();
        assertThat(one.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(on).hasSize(2).containsOnly(on.get(0));
    }

    @Test
    void where_no_thread_can_be_had_the_task_is_refused() {
        BoundedThreads none = new BoundedThreads(1, 3, task -> {
            throw new OutOfMemoryError("as the test wants it");
        });

        assertThatThrownBy(() -> none.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        none.shutdown();
    }

    @Test
    void an_owner_whose_code_hangs_holds_up_no_other() throws InterruptedException {
        ForeignThreads foreign = new ForeignThreads(2, this::thread);
        for (int i = 0; i < 10; i++) {
            foreign.apply("a").execute(this::hang);
        }
        CountDownLatch done = new CountDownLatch(1);
        foreign.apply("b").execute(done::countDown);

        assertThat(done.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(made).hasValue(3);
        end.countDown();
        foreign.close();
        assertThat(foreign.awaitEnd(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> foreign.apply("c").execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private Thread thread(Runnable task) {
        made.incrementAndGet();
        Thread thread = new Thread(task, "bounded");
        thread.setDaemon(true);
        return thread;
    }

    private void hang() {
        try {
            assertThat(end.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
