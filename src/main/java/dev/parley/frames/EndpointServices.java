package dev.parley.frames;

import dev.parley.concurrent.ForeignThreads;
import dev.parley.concurrent.OrderedTasks;
import dev.parley.concurrent.ThreadShares;
import dev.parley.concurrent.WaitingThreads;
import dev.parley.connection.Pings;
import dev.parley.security.SharedBudget;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the sessions of one server have together: the threads on which a team's endpoints may wait, apart from those that
 * serve sockets, pages and the API; and the memory for what they have been sent, and for what they send. Thread-safe.
 */
public final class EndpointServices implements AutoCloseable {
    private static final int POLL_MILLISECONDS = 5;

    private final Bounds bounds;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final SharedBudget received;
    private final SharedBudget sent;
    private final ThreadShares<Class<?>> threads;
    private final ForeignThreads outcomes;

    /**
     * @param threads that endpoints have together, but for the one that each class may always have
     * @param outcomes threads of each endpoint class for its {@link jakarta.websocket.SendHandler}s
     * @param sendQueue bytes of memory that wait to be sent to one session, where it is more than one message
     * @param sendMemory the same of all sessions together
     * @param sendTimeout for how long a session may take next to nothing of what is sent to it
     * @param pings how a dead peer is found that has joined no channel
     */
    public record Bounds(
            int threads, int outcomes, int sendQueue, long sendMemory, Duration sendTimeout, Pings pings) {}

    /**
     * @param received for messages that wait for their endpoint
     * @param timer for what is short
     * @param workers hand on what is to be done about a session, and wait for nothing
     */
    public EndpointServices(Bounds bounds, SharedBudget received, ScheduledExecutorService timer, Executor workers) {
        this.bounds = bounds;
        this.received = received;
        this.sent = new SharedBudget(bounds.sendMemory());
        this.timer = timer;
        this.workers = workers;
        this.threads = new ThreadShares<>(bounds.threads(), WaitingThreads.named("parley-endpoints"));
        this.outcomes = new ForeignThreads(bounds.outcomes(), task -> {
            Thread thread = new Thread(task, "parley-send-handlers");
            thread.setDaemon(true);
            return thread;
        });
    }

    Bounds bounds() {
        return bounds;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    Executor workers() {
        return workers;
    }

    /** For messages that wait for their endpoint. */
    SharedBudget received() {
        return received;
    }

    /** For messages that wait for their client. */
    SharedBudget sent() {
        return sent;
    }

    /** Where the endpoint is called. */
    Executor threads(Class<?> endpoint) {
        return threads.of(endpoint);
    }

    /** Where a session's SendHandlers are told, in their order: not behind a message that waits for just that. */
    Executor outcomes(Class<?> endpoint) {
        return new OrderedTasks(outcomes.apply(endpoint.getName()));
    }

    /** Takes nothing more, and waits a little until what is under way has ended. */
    public void close(Duration patience) {
        close();
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!threads.isIdle() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.close();
        outcomes.close();
    }
}
