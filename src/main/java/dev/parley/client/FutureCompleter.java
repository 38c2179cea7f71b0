package dev.parley.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Completes the futures that a client gave, in their order, on a thread that is there only while there is something to
 * complete: what hangs on a future may take its time, and holds up neither the client nor its listeners. What waits is
 * bounded by what the client lets be asked. Thread-safe.
 */
final class FutureCompleter implements Executor {
    private final ThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    FutureCompleter(ThreadFactory threads) {
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = threads.newThread(task);
            made.setName("parley-client-answers");
            thread = made;
            return made;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Waits until what was asked until now is done, but no longer than this. */
    void await(Duration most) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        execute(done::countDown);
        boolean unused = done.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }
}
