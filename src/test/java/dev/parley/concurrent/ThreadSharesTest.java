package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadSharesTest {
    private final Queue<Runnable> begun = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();

    @Test
    void one_owner_has_half_of_them_and_another_finds_some_free() {
        ThreadShares<String> shares = new ThreadShares<>(8, begun::add);
        for (int i = 0; i < 20; i++) {
            shares.execute("greedy", () -> ran.add("greedy"));
        }
        assertThat(begun).hasSize(4);
        shares.execute("other", () -> ran.add("other"));
        assertThat(begun).hasSize(5);
    }

    @Test
    void an_owner_that_has_none_gets_one_though_none_is_free() {
        ThreadShares<Integer> shares = new ThreadShares<>(2, begun::add);
        for (int owner = 0; owner < 5; owner++) {
            shares.execute(owner, () -> {});
            shares.execute(owner, () -> {});
        }
        assertThat(begun).hasSize(5);
    }

    @Test
    void what_waits_comes_in_turn_and_what_throws_holds_up_nothing() {
        ThreadShares<String> shares = new ThreadShares<>(1, begun::add);
        for (String task : List.of("a1", "a2", "a3")) {
            shares.execute("a", () -> {
                ran.add(task);
                throw new IllegalStateException(task);
            });
        }
        shares.execute("b", () -> ran.add("b1"));
        shares.execute("b", () -> ran.add("b2"));
        while (!begun.isEmpty()) {
            begun.remove().run();
        }
        assertThat(ran).containsExactlyInAnyOrder("a1", "a2", "a3", "b1", "b2");
        assertThat(ran).containsSubsequence("a1", "a2", "a3").containsSubsequence("b1", "b2");
        assertThat(shares.isIdle()).isTrue();
    }

    @Test
    void where_no_thread_can_be_had_a_task_waits_for_the_next() {
        AtomicInteger refusals = new AtomicInteger(1);
        Executor poor = task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("no thread");
            }
            begun.add(task);
        };
        ThreadShares<String> shares = new ThreadShares<>(4, poor);
        shares.execute("a", () -> ran.add("first"));
        assertThat(begun).isEmpty();
        shares.execute("a", () -> ran.add("second"));
        begun.forEach(Runnable::run);
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void nothing_is_taken_once_it_is_closed() {
        ThreadShares<String> shares = new ThreadShares<>(1, begun::add);
        shares.close();
        assertThatThrownBy(() -> shares.execute("a", () -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void tasks_run_on_threads_that_do_not_keep_the_process() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        WaitingThreads.named("test").execute(() -> {
            threads.add(Thread.currentThread());
            done.countDown();
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.get(0).isDaemon()).isTrue();
        assertThat(threads.get(0).getName()).startsWith("test");
    }
}
