package dev.parley.server;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a node.
 *
 * @param writer for the one task that commits
 * @param reads may block on the database
 * @param delivery hands batches to connections
 * @param blocking may wait for a client
 * @param timer for short tasks
 * @param chores for timed tasks that may block on the database
 * @param owned those that end with the node; a server's own are left alone
 */
public record NodeThreads(
        Executor writer,
        Executor reads,
        Executor delivery,
        Executor blocking,
        ScheduledExecutorService timer,
        ScheduledExecutorService chores,
        List<ExecutorService> owned)
        implements AutoCloseable {
    private static final int READERS = 4;
    private static final int CLOSERS = 4;
    private static final long SECONDS_TO_END = 10;

    /** Of the process's own, where no server lends any. */
    public static NodeThreads own() {
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        ExecutorService writer = Executors.newSingleThreadExecutor(named("writer"));
        ExecutorService reads = pool(READERS, "reads");
        ExecutorService delivery = pool(cores, "delivery");
        ExecutorService blocking = pool(CLOSERS, "closing");
        ScheduledExecutorService timer = timer("timer");
        ScheduledExecutorService chores = timer("chores");
        return new NodeThreads(
                writer,
                reads,
                delivery,
                blocking,
                timer,
                chores,
                List.of(timer, chores, writer, reads, delivery, blocking));
    }

    /** All of its threads are there from the start: none need be made when there is much to do. */
    private static ExecutorService pool(int size, String name) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.prestartAllCoreThreads();
        return pool;
    }

    /** Of an application server (Jakarta Concurrency), which ends them itself. */
    public static NodeThreads managed(ExecutorService executor, ScheduledExecutorService timer) {
        return new NodeThreads(executor, executor, executor, executor, timer, timer, List.of());
    }

    /** Lets what is under way finish. Nobody is interrupted: H2 would close its file under an interrupted thread. */
    @Override
    public void close() {
        owned.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService executor : owned) {
                if (!executor.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once it is shut down, what is due later is not waited for. */
    private static ScheduledExecutorService timer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named(name));
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "parley-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
