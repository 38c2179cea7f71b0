package dev.parley.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Tasks one after the other in the order in which they came, on whichever of the executor's threads is free. What one
 * throws is logged, and the next is done all the same. Where the executor takes nothing any more they are done by whoever
 * brings them, so that nobody waits for one in vain. Thread-safe.
 */
public final class OrderedTasks implements Executor {
    private static final int ROUNDS = 16;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final DrainLoop loop;

    public OrderedTasks(Executor executor) {
        this.loop = new DrainLoop(this::next, ROUNDS, executor, rejected -> all());
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(GuardedTimer.guarded(task));
        loop.schedule();
    }

    private boolean next() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    private void all() {
        boolean more = next();
        while (more) {
            more = next();
        }
    }
}
