package dev.parley.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a node runs on, with no thread but the test's: nothing happens and no time passes until the test says so. Each
 * executor can be held back by itself, so that a test says who is late.
 */
public final class ManualExecutors {
    private final Timer timer = new Timer();
    private final Queue writer = new Queue();
    private final Queue reads = new Queue();
    private final Queue delivery = new Queue();
    private final Queue foreign = new Queue();
    private final Queue closing = new Queue();
    private final Queue pinging = new Queue();
    private int timed;
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    /** Tasks in their order. */
    public static final class Queue implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean held;
        private boolean rejecting;

        @Override
        public void execute(Runnable task) {
            if (rejecting) {
                throw new RejectedExecutionException("as the test wants it");
            }
            tasks.add(task);
        }

        /** Until it is let go, {@link ManualExecutors#run} passes it over. */
        public void hold() {
            held = true;
        }

        public void letGo() {
            held = false;
        }

        public void reject(boolean reject) {
            rejecting = reject;
        }

        public int waiting() {
            return tasks.size();
        }

        /** Runs the oldest task, held back or not. */
        public void runOne() {
            tasks.remove().run();
        }

        private boolean runIfFree() {
            if (held || tasks.isEmpty()) {
                return false;
            }
            runOne();
            return true;
        }
    }

    public Queue writer() {
        return writer;
    }

    public Queue reads() {
        return reads;
    }

    public Queue delivery() {
        return delivery;
    }

    /** For the code of a team's own. */
    public Queue foreign() {
        return foreign;
    }

    public Queue closing() {
        return closing;
    }

    public Queue pinging() {
        return pinging;
    }

    public ScheduledExecutorService timer() {
        return timer;
    }

    public Clock clock() {
        return new ManualClock();
    }

    /** Does everything that is to be done now. */
    public void run() {
        while (writer.runIfFree()
                || reads.runIfFree()
                || delivery.runIfFree()
                || foreign.runIfFree()
                || closing.runIfFree()
                || pinging.runIfFree()) {
            // until nothing is left
        }
    }

    /** Lets time pass, and does what falls due in it. */
    public void pass(Duration time) {
        Instant end = now.plus(time);
        while (timer.next().filter(due -> !due.isAfter(end)).isPresent()) {
            now = timer.next().get();
            timer.runNext();
            run();
        }
        now = end;
        run();
    }

    private final class ManualClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final class Timer extends AbstractExecutorService implements ScheduledExecutorService {
        private final PriorityQueue<Timed<?>> tasks = new PriorityQueue<>(
                Comparator.<Timed<?>, Instant>comparing(task -> task.due).thenComparing(task -> task.number));

        Optional<Instant> next() {
            return Optional.ofNullable(tasks.peek()).map(task -> task.due);
        }

        void runNext() {
            Timed<?> task = tasks.remove();
            if (task.isCancelled()) {
                return;
            }
            if (task.pause == null) {
                task.run();
            } else if (task.runAgain()) {
                task.due = now.plus(task.pause);
                tasks.add(task);
            }
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return add(new Timed<>(
                    () -> {
                        task.run();
                        return true;
                    },
                    Duration.of(delay, unit.toChronoUnit()),
                    null));
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
            return add(new Timed<>(task, Duration.of(delay, unit.toChronoUnit()), null));
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long pause, TimeUnit unit) {
            return add(new Timed<>(
                    () -> {
                        task.run();
                        return true;
                    },
                    Duration.of(first, unit.toChronoUnit()),
                    Duration.of(pause, unit.toChronoUnit())));
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long pause, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shutdown() {
            tasks.clear();
        }

        @Override
        public List<Runnable> shutdownNow() {
            tasks.clear();
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }

        private <V> Timed<V> add(Timed<V> task) {
            tasks.add(task);
            return task;
        }
    }

    private final class Timed<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final Duration pause;
        private final int number = ++timed;
        private Instant due;

        Timed(Callable<V> task, Duration delay, Duration pause) {
            super(task);
            this.due = now.plus(delay);
            this.pause = pause;
        }

        boolean runAgain() {
            return runAndReset();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(now, due));
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
