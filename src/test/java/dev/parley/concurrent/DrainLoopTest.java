package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testing.ManualExecutors;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** One signal after the other; what threads do to it at the same moment is in {@link DrainLoopStressTest}. */
class DrainLoopTest {
    private static final int ROUNDS = 16;

    private final ManualExecutors.Queue executor = new ManualExecutors().delivery();
    private final List<Throwable> rejected = new ArrayList<>();
    private final ArrayDeque<BooleanSupplier> script = new ArrayDeque<>();
    private int steps;
    private DrainLoop loop;

    @Test
    void a_signal_runs_the_step_until_there_is_nothing_left() {
        loop = new DrainLoop(this::next);
        script.addAll(List.of(() -> true, () -> true, () -> false, () -> false));

        loop.drain();

        assertThat(steps).isEqualTo(3);
    }

    @Test
    void signals_from_within_the_step_are_answered_by_one_more_step_on_the_same_stack() {
        loop = new DrainLoop(this::next);
        script.add(() -> {
            int before = steps;
            loop.drain();
            loop.drain();
            return steps != before;
        });

        loop.drain();

        assertThat(steps).isEqualTo(2);
    }

    @Test
    void a_million_signals_from_within_the_step_do_not_deepen_the_stack() {
        loop = new DrainLoop(() -> {
            if (++steps < 1_000_000) {
                loop.drain();
            }
            return false;
        });

        loop.drain();

        assertThat(steps).isEqualTo(1_000_000);
    }

    @Test
    void what_is_scheduled_runs_on_the_executor_alone() {
        loop = bounded();

        loop.schedule();
        loop.schedule();
        loop.drain();

        assertThat(steps).isZero();
        assertThat(executor.waiting()).isEqualTo(1);
        executor.runOne();
        assertThat(steps).isEqualTo(1);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void after_its_rounds_it_goes_on_as_a_task_behind_the_others_and_nobody_else_drains_meanwhile() {
        loop = bounded();
        for (int i = 0; i < 2 * ROUNDS + 3; i++) {
            script.add(() -> true);
        }

        loop.drain();
        assertThat(steps).isEqualTo(ROUNDS);
        assertThat(executor.waiting()).isEqualTo(1);
        loop.drain();
        assertThat(steps).isEqualTo(ROUNDS);
        executor.runOne();
        assertThat(steps).isEqualTo(2 * ROUNDS);
        executor.runOne();

        assertThat(steps).isEqualTo(2 * ROUNDS + 4);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void a_step_that_is_signalled_each_time_and_finds_nothing_is_bounded_too() {
        loop = bounded();
        for (int i = 0; i < 2 * ROUNDS; i++) {
            script.add(() -> {
                loop.drain();
                return false;
            });
        }

        loop.drain();

        assertThat(steps).isEqualTo(ROUNDS);
        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void what_a_step_throws_goes_on_and_the_next_signal_begins_anew() {
        loop = new DrainLoop(this::next);
        script.add(() -> {
            throw new AssertionError("as the test wants it");
        });
        script.add(() -> thrown(new IOException("as the test wants it")));

        assertThatThrownBy(loop::drain).isInstanceOf(AssertionError.class);
        assertThatThrownBy(loop::drain).isInstanceOf(IOException.class);
        loop.drain();

        assertThat(steps).isEqualTo(3);
    }

    @Test
    void what_is_signalled_while_a_step_fails_is_answered_before_the_first_failure_goes_on() {
        loop = new DrainLoop(this::next);
        for (String failure : List.of("first", "second")) {
            script.add(() -> {
                loop.drain();
                throw new IllegalStateException(failure);
            });
        }

        assertThatThrownBy(loop::drain).hasMessage("first");

        assertThat(steps).isEqualTo(3);
    }

    @Test
    void what_a_step_throws_in_a_task_goes_to_the_executors_thread() {
        loop = bounded();
        script.add(() -> {
            throw new IllegalStateException("as the test wants it");
        });
        loop.schedule();

        assertThatThrownBy(executor::runOne).isInstanceOf(IllegalStateException.class);
        loop.drain();

        assertThat(steps).isEqualTo(2);
    }

    @Test
    void where_the_executor_takes_no_task_that_is_told_and_the_next_signal_tries_again() {
        loop = bounded();
        executor.reject(true);
        loop.schedule();
        loop.schedule();
        assertThat(rejected).hasSize(2);
        executor.reject(false);

        loop.schedule();
        executor.runOne();

        assertThat(rejected).hasSize(2);
        assertThat(steps).isEqualTo(1);
    }

    @Test
    void where_the_executor_takes_no_further_task_the_next_signal_drains_what_is_left() {
        loop = bounded();
        for (int i = 0; i < ROUNDS + 2; i++) {
            script.add(() -> true);
        }
        executor.reject(true);
        loop.drain();
        assertThat(rejected).hasSize(1);
        assertThat(steps).isEqualTo(ROUNDS);

        loop.drain();

        assertThat(steps).isEqualTo(ROUNDS + 3);
        assertThat(executor.waiting()).isZero();
    }

    private DrainLoop bounded() {
        return new DrainLoop(this::next, ROUNDS, executor, rejected::add);
    }

    private boolean next() {
        steps++;
        BooleanSupplier scripted = script.poll();
        return scripted != null && scripted.getAsBoolean();
    }

    /** As code that is not Java's may. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> boolean thrown(Throwable failure) throws E {
        throw (E) failure;
    }
}
