package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who comes next where there is more to do than can be done at once. */
class FairTurnsTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    private void ask(FairTurns<String> turns, String holder) {
        turns.execute(holder, threads::add, () -> done.add(holder));
    }

    private void work() {
        for (Runnable piece = threads.poll(); piece != null; piece = threads.poll()) {
            piece.run();
        }
    }

    @Test
    void whoever_has_little_waits_for_one_piece_of_who_has_much() {
        FairTurns<String> turns = new FairTurns<>(1);
        for (int i = 0; i < 160; i++) {
            ask(turns, "ten megabytes");
        }
        ask(turns, "one kilobyte");
        work();

        assertThat(done).hasSize(161);
        assertThat(done.indexOf("one kilobyte")).isLessThanOrEqualTo(2);
    }

    @Test
    void holders_take_turns_whoever_has_how_many_and_comes_when() {
        FairTurns<String> turns = new FairTurns<>(1);
        List.of("a", "a", "a", "b", "b", "c").forEach(holder -> ask(turns, holder));
        work();

        assertThat(done).containsExactly("a", "a", "b", "c", "a", "b");
    }

    @Test
    void whoever_asks_anew_when_its_piece_is_done_comes_behind_those_who_wait() {
        FairTurns<String> turns = new FairTurns<>(1);
        AtomicInteger left = new AtomicInteger(5);
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            done.add("much");
            if (left.decrementAndGet() > 0) {
                turns.execute("much", threads::add, again[0]);
            }
        };
        turns.execute("much", threads::add, again[0]);
        ask(turns, "little");
        work();

        assertThat(done).containsExactly("much", "little", "much", "much", "much", "much");
    }

    @Test
    void no_more_are_at_work_at_once_than_there_are_turns() {
        FairTurns<String> turns = new FairTurns<>(2);
        for (int i = 0; i < 10; i++) {
            ask(turns, "h" + i);
            assertThat(threads).hasSizeLessThanOrEqualTo(2);
        }
        while (!threads.isEmpty()) {
            threads.remove().run();
            assertThat(threads).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(done).hasSize(10);
    }

    @Test
    void who_lets_go_of_its_turn_holds_up_nobody() {
        FairTurns<String> turns = new FairTurns<>(1);
        turns.execute("a", threads::add, () -> {
            FairTurns.letGo();
            FairTurns.letGo();
            done.add("a waits, and meanwhile there are " + threads.size());
        });
        ask(turns, "b");
        ask(turns, "c");
        threads.remove().run();

        assertThat(done).containsExactly("a waits, and meanwhile there are 1");
        assertThat(threads).hasSize(1);
        work();
        assertThat(done).endsWith("b", "c");
    }

    @Test
    void whoever_has_no_turn_may_let_go_of_none() {
        FairTurns<String> turns = new FairTurns<>(1);
        ask(turns, "a");
        FairTurns.letGo();
        ask(turns, "b");

        assertThat(threads).hasSize(1);
    }

    @Test
    void a_piece_that_throws_ends_its_turn() {
        FairTurns<String> turns = new FairTurns<>(1);
        turns.execute("a", threads::add, () -> {
            throw new IllegalStateException("as the test wants it");
        });
        ask(turns, "b");

        assertThatThrownBy(threads.remove()::run).isInstanceOf(IllegalStateException.class);
        work();
        assertThat(done).containsExactly("b");
    }

    @Test
    void turns_that_end_where_they_begin_need_no_stack() {
        FairTurns<String> turns = new FairTurns<>(1);
        List<FairTurns.Turn> first = new ArrayList<>();
        turns.take("a", first::add);
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            turns.take("h" + i % 7, turn -> {
                ended.incrementAndGet();
                turn.end();
            });
        }
        first.get(0).end();

        assertThat(ended).hasValue(100_000);
        ask(turns, "b");
        assertThat(threads).hasSize(1);
    }

    @Test
    void where_nothing_is_taken_any_more_no_turn_is_lost() {
        FairTurns<String> turns = new FairTurns<>(1);
        assertThatThrownBy(() -> turns.execute("a", FairTurnsTest::reject, () -> done.add("a")))
                .isInstanceOf(RejectedExecutionException.class);
        ask(turns, "b");
        turns.execute("c", FairTurnsTest::reject, () -> done.add("c"));
        ask(turns, "d");
        work();

        assertThat(done).containsExactly("b", "d");
    }

    private static void reject(Runnable task) {
        throw new RejectedExecutionException("as the test wants it");
    }
}
