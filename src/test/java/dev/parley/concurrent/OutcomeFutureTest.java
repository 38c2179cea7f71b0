package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testing.ManualExecutors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is promised to a team's code, and on whose thread that goes on. */
class OutcomeFutureTest {
    private final ManualExecutors executors = new ManualExecutors();
    private final OutcomeFuture<Integer> future = new OutcomeFuture<>(executors.foreign());

    @Test
    void whatever_depends_on_it_runs_where_it_may_wait_and_not_on_the_thread_that_completes_it() {
        CompletableFuture<Integer> other = CompletableFuture.completedFuture(1);
        List<BiFunction<CompletableFuture<Integer>, List<Integer>, CompletionStage<?>>> ways = List.of(
                (one, told) -> one.thenApply(told::add),
                (one, told) -> one.thenAccept(told::add),
                (one, told) -> one.thenRun(() -> told.add(0)),
                (one, told) -> one.thenCombine(other, (x, y) -> told.add(x)),
                (one, told) -> one.thenAcceptBoth(other, (x, y) -> told.add(x)),
                (one, told) -> one.runAfterBoth(other, () -> told.add(0)),
                (one, told) -> one.applyToEither(new CompletableFuture<>(), told::add),
                (one, told) -> one.acceptEither(new CompletableFuture<>(), told::add),
                (one, told) -> one.runAfterEither(new CompletableFuture<>(), () -> told.add(0)),
                (one, told) -> one.thenCompose(x -> CompletableFuture.completedFuture(told.add(x))),
                (one, told) -> one.handle((x, failure) -> told.add(x)),
                (one, told) -> one.whenComplete((x, failure) -> told.add(x)),
                (one, told) -> one.thenApply(x -> x).thenAccept(told::add));
        List<Integer> told = new ArrayList<>();
        List<CompletionStage<?>> unused = new ArrayList<>();
        ways.forEach(way -> unused.add(way.apply(future, told)));
        future.complete(7);

        assertThat(told).isEmpty();
        assertThat(future.join()).isEqualTo(7);
        executors.run();
        assertThat(told).hasSize(ways.size());
    }

    @Test
    void so_it_is_where_it_fails() {
        List<Throwable> told = new ArrayList<>();
        CompletableFuture<Integer> one = future.exceptionally(failure -> {
            told.add(failure);
            return 1;
        });
        CompletableFuture<Integer> other = future.exceptionallyCompose(failure -> {
            told.add(failure);
            return CompletableFuture.completedFuture(2);
        });
        future.completeExceptionally(new IllegalStateException("as the test wants it"));

        assertThat(told).isEmpty();
        assertThatThrownBy(future::join).isInstanceOf(CompletionException.class);
        executors.run();
        assertThat(told).hasSize(2);
        assertThat(one.join() + other.join()).isEqualTo(3);
    }

    @Test
    void tasks_keep_their_order_and_go_on_after_one_that_throws() {
        OrderedTasks tasks = new OrderedTasks(executors.foreign());
        List<Integer> done = new ArrayList<>();
        IntStream.range(0, 100)
                .forEach(number -> tasks.execute(() -> {
                    done.add(number);
                    if (number % 10 == 0) {
                        throw new AssertionError("as the test wants it");
                    }
                }));

        assertThat(done).isEmpty();
        executors.run();
        assertThat(done).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void where_no_thread_takes_tasks_any_more_they_are_done_all_the_same() {
        OrderedTasks tasks = new OrderedTasks(executors.foreign());
        List<Integer> done = new ArrayList<>();
        executors.foreign().reject(true);
        tasks.execute(() -> done.add(1));

        assertThat(done).containsExactly(1);
    }
}
