package dev.parley.grizzly;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.http.server.Request;

/**
 * The threads on which a team's resources answer, and wait for as long as they like: those that serve health, pages, the
 * API and the reading of sockets are others. So many requests at a time, and so many that wait; one more is refused.
 */
final class ForeignRequests {
    private static final String REFUSED = ForeignRequests.class.getName();
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /**
     * @param most requests at a time
     * @param waiting for one of them to end
     */
    ForeignRequests(int most, int waiting) {
        AtomicInteger count = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, "parley-resources-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** One that is refused is answered by who has read it: that takes no time. */
    void execute(Request request, Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            request.setAttribute(REFUSED, true);
            task.run();
        }
    }

    static boolean isRefused(Request request) {
        return request.getAttribute(REFUSED) != null;
    }

    void stop() {
        threads.shutdownNow();
    }
}
