package dev.parley.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Threads that signal at the same moment, some times each, and then leave the loop alone: so a signal that is lost is not
 * made good by a later one. What the steps touch are plain fields, which only the loop can make safe.
 */
@Tag("scaled")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class DrainLoopStressTest {
    private static final int TIMES = Scale.of(500, 20_000, 500_000);
    private static final int THREADS = 3;
    private static final int MOST_SIGNALS = 4;
    private static final int BOUND = 3;

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final AtomicReference<Game> current = new AtomicReference<>();
    private final Phaser together = new Phaser(THREADS + 1);

    /** Where steps run, and what happens to them. */
    enum Form {
        CALLERS,
        EXECUTOR,
        BOTH,
        REENTRANT,
        THROWING,
        THROWING_ON_EXECUTOR,
        REJECTING
    }

    @AfterEach
    void end() {
        current.set(null);
        together.forceTermination();
        pool.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void steps_are_never_two_at_once_see_what_was_written_before_a_signal_and_are_bounded_in_one_go(Form form)
            throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> signal(number));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }

        for (int time = 0; time < TIMES; time++) {
            Game game = new Game(form, pool);
            current.set(game);
            meet();
            meet();
            game.accepting = true;
            game.awaitSeen();

            assertThat(game.fault).as("%s, time %s", form, time).isNull();
            assertThat(game.seen).as("%s, time %s", form, time).isEqualTo(game.written);
        }
        current.set(null);
        meet();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void signal(int number) {
        together.arriveAndAwaitAdvance();
        for (Game game = current.get(); game != null; game = current.get()) {
            for (int i = 0; i < 1 + (number + game.hashCode()) % MOST_SIGNALS; i++) {
                game.written[number]++;
                game.signal(i);
            }
            together.arriveAndAwaitAdvance();
            together.arriveAndAwaitAdvance();
        }
    }

    /** Ends by a timeout where another thread has died. */
    private void meet() throws InterruptedException, TimeoutException {
        together.awaitAdvanceInterruptibly(together.arrive(), 60, TimeUnit.SECONDS);
    }

    /** One loop, from its making until it has nothing to do. */
    private static final class Game {
        private final Form form;
        private final DrainLoop loop;
        private final ExecutorService pool;

        /** Each by its thread. */
        private final int[] written = new int[THREADS];

        // By steps alone, and by the test when they are done.
        private final int[] seen = new int[THREADS];
        private boolean stepping;
        private int steps;

        /** How many steps this thread has run in one go. */
        private final ThreadLocal<int[]> inOneGo = ThreadLocal.withInitial(() -> new int[1]);

        private volatile int seenInAll;
        private volatile String fault;
        private volatile boolean accepting;

        Game(Form form, ExecutorService pool) {
            this.form = form;
            this.pool = pool;
            this.loop = form == Form.CALLERS || form == Form.THROWING || form == Form.REENTRANT
                    ? new DrainLoop(this::step)
                    : new DrainLoop(this::step, BOUND, this::execute, failure -> {});
        }

        void signal(int time) {
            inOneGo.get()[0] = 0;
            try {
                if (form == Form.EXECUTOR
                        || form == Form.THROWING_ON_EXECUTOR
                        || (form == Form.BOTH && time % 2 == 0)) {
                    loop.schedule();
                } else {
                    loop.drain();
                }
            } catch (IllegalStateException e) {
                // as the test wants it
            }
        }

        private void execute(Runnable task) {
            if (form == Form.REJECTING && !accepting && (steps & 1) == 0) {
                throw new RejectedExecutionException("as the test wants it");
            }
            pool.execute(() -> {
                inOneGo.get()[0] = 0;
                try {
                    task.run();
                } catch (IllegalStateException e) {
                    // as the test wants it
                }
            });
        }

        @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it only makes meetings likelier
        private boolean step() {
            if (stepping) {
                fault = "two steps at once";
            }
            stepping = true;
            int step = ++steps;
            int all = 0;
            boolean found = false;
            for (int i = 0; i < THREADS; i++) {
                int now = written[i];
                if (now < seen[i]) {
                    fault = "a step that sees less than the one before";
                }
                found |= now > seen[i];
                seen[i] = now;
                all += now;
            }
            boundInOneGo();
            if (step % 2 == 0) {
                Thread.yield(); // so that signals come between what this step has read and its end
            }
            if (form == Form.REENTRANT && step < 20) {
                loop.drain();
            }
            stepping = false;
            seenInAll = all;
            if (form.name().startsWith("THROWING") && step % 2 == 1) {
                throw new IllegalStateException("as the test wants it");
            }
            return found && form != Form.CALLERS;
        }

        private void boundInOneGo() {
            if (++inOneGo.get()[0] > BOUND
                    && (form == Form.EXECUTOR || form == Form.BOTH || form == Form.THROWING_ON_EXECUTOR)) {
                fault = "more steps in one go than its bound";
            }
        }

        /** Where steps run on the callers' threads they are done by now, or never will be. */
        void awaitSeen() {
            int all = 0;
            for (int count : written) {
                all += count;
            }
            long began = System.nanoTime();
            while (seenInAll != all) {
                if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(20)) {
                    fault = "a signal is lost: " + seenInAll + " of " + all + " are seen";
                    return;
                }
                if (form == Form.REJECTING) {
                    loop.schedule(); // what came before a rejection, or with it, went with it
                }
                Thread.onSpinWait();
            }
        }
    }
}
