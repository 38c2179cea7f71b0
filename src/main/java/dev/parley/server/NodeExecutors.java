package dev.parley.server;

import dev.parley.concurrent.BoundedThreads;
import dev.parley.concurrent.ForeignThreads;
import dev.parley.settings.ThreadSettings;
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
import java.util.function.Function;

/**
 * The threads of a node: pools of its own, on threads that an application server makes where there is one (Jakarta
 * Concurrency), so that they have its context and it knows of them.
 *
 * <p>Not the server's own executors: all applications share these, and nobody here knows how many tasks they do at a
 * time; Payara's does one, by default. The writer needs a thread that no other task can take from it, since whoever
 * publishes waits for it; timers, since pings and time limits are told by them; and neither may stand behind a task that
 * waits for the database or for a client.
 *
 * @param writer for the one task that commits
 * @param reads may block on the database
 * @param delivery hands batches to connections
 * @param waiting for what may hang, each for its own kind
 * @param foreign by the name of an owner: for a team's own code, which may wait
 * @param timer for short tasks
 * @param chores for timed tasks that may block on the database
 * @param owned those that end with the node
 */
public record NodeExecutors(
        Executor writer,
        Executor reads,
        Executor delivery,
        Waiting waiting,
        ForeignThreads foreign,
        ScheduledExecutorService timer,
        ScheduledExecutorService chores,
        List<ExecutorService> owned)
        implements AutoCloseable {
    private static final int READERS = 4;
    private static final int FEW = 16;
    private static final long SECONDS_TO_END = 10;

    /**
     * Threads for what may wait for others, or hang: what hangs starves its own kind and no other.
     *
     * @param closing ends sessions, which a container may do for as long as the client likes
     * @param pinging asks clients for a sign of life, for as long as they take nothing
     * @param keys fetches the keys of who issues tokens
     * @param observers tells a team's beans, one event after the other
     * @param draining sends the clients away before the node stops
     * @param probing asks the database what a write would find
     */
    public record Waiting(
            Executor closing,
            Executor pinging,
            Executor keys,
            Executor observers,
            Executor draining,
            Executor probing) {}

    /** Of the process's own, where no server makes any. */
    public static NodeExecutors own(ThreadSettings settings) {
        return pools(NodeExecutors::daemon, settings);
    }

    /** Of threads that an application server makes. */
    public static NodeExecutors of(ThreadFactory factory, ThreadSettings settings) {
        return pools(
                name -> task -> {
                    Thread thread = factory.newThread(task);
                    thread.setName(name + "-" + thread.getId());
                    return thread;
                },
                settings);
    }

    private static NodeExecutors pools(Function<String, ThreadFactory> threads, ThreadSettings settings) {
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        ExecutorService writer = Executors.newSingleThreadExecutor(threads.apply("parley-writer"));
        ExecutorService reads = pool(READERS, threads.apply("parley-reads"));
        ExecutorService delivery = pool(cores, threads.apply("parley-delivery"));
        ExecutorService closing =
                new BoundedThreads(settings.closing(), settings.waiting(), threads.apply("parley-closing"));
        ExecutorService pinging =
                new BoundedThreads(settings.pinging(), settings.waiting(), threads.apply("parley-pinging"));
        ExecutorService keys = one(threads.apply("parley-keys"));
        ExecutorService observers = one(threads.apply("parley-observers"));
        ExecutorService draining = one(threads.apply("parley-draining"));
        ExecutorService probing = one(threads.apply("parley-probing"));
        ScheduledExecutorService timer = timer(threads.apply("parley-timer"));
        ScheduledExecutorService chores = timer(threads.apply("parley-chores"));
        return new NodeExecutors(
                writer,
                reads,
                delivery,
                new Waiting(closing, pinging, keys, observers, draining, probing),
                new ForeignThreads(settings.foreign(), threads.apply("parley-foreign")),
                timer,
                chores,
                List.of(timer, chores, writer, reads, delivery, closing, pinging, keys, observers, draining, probing));
    }

    /** For one task at a time of which no more than another waits. */
    private static ExecutorService one(ThreadFactory threads) {
        return new BoundedThreads(1, FEW, threads);
    }

    /** All of its threads are there from the start: none need be made when there is much to do. */
    private static ExecutorService pool(int size, ThreadFactory threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.prestartAllCoreThreads();
        return pool;
    }

    /** Lets what is under way finish. Nobody is interrupted: H2 would close its file under an interrupted thread. */
    @Override
    public void close() {
        owned.forEach(ExecutorService::shutdown);
        foreign.close();
        try {
            for (ExecutorService executor : owned) {
                if (!executor.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                    return;
                }
            }
            boolean unused = foreign.awaitEnd(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once it is shut down, what is due later is not waited for. */
    private static ScheduledExecutorService timer(ThreadFactory threads) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ThreadFactory daemon(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
