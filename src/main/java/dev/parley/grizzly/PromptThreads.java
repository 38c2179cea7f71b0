package dev.parley.grizzly;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.glassfish.grizzly.memory.MemoryManager;
import org.glassfish.grizzly.threadpool.GrizzlyExecutorService;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.jspecify.annotations.Nullable;

/** A few threads on which nothing may wait, with Grizzly's memory; there are none before the first is needed. Thread-safe. */
final class PromptThreads implements Executor {
    private final ThreadPoolConfig config;

    // Guarded by this.
    private @Nullable ExecutorService threads;
    private boolean stopped;

    PromptThreads(String name, MemoryManager<?> memory) {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.config = ThreadPoolConfig.defaultConfig()
                .setPoolName(name)
                .setCorePoolSize(most)
                .setMaxPoolSize(most)
                .setMemoryManager(memory);
    }

    /** @throws RejectedExecutionException once it is stopped */
    @Override
    public void execute(Runnable task) {
        threads().execute(task);
    }

    private synchronized ExecutorService threads() {
        if (stopped) {
            throw new RejectedExecutionException("The server stops");
        }
        if (threads == null) {
            threads = GrizzlyExecutorService.createInstance(config);
        }
        return threads;
    }

    synchronized void stop() {
        stopped = true;
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
