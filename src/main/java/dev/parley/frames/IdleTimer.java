package dev.parley.frames;

import dev.parley.concurrent.GuardedTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one session of Tyrus takes for its timer. Tyrus cancels and schedules its idle timeout anew with every message, and
 * what is cancelled stays in the timer until it is due: a busy session with a long timeout fills the heap. Here the latest
 * is remembered, and one look is under way, which comes again when the time has been put off meanwhile.
 *
 * <p>Whatever it does runs where endpoints are told things. Thread-safe.
 */
final class IdleTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private static final ThreadLocal<@Nullable IdleTimer> OPENING = new ThreadLocal<>();

    private final ScheduledExecutorService timer;
    private final Executor endpoint;
    private final Due due = new Due();

    // Guarded by this.
    private @Nullable Runnable task;
    private long delay;
    private boolean ended;
    private long dueAt;
    private long lookAt;
    private @Nullable Future<?> look;

    /** @param endpoint where the session is closed, which tells its endpoint */
    IdleTimer(ScheduledExecutorService timer, Executor endpoint) {
        this.timer = timer;
        this.endpoint = endpoint;
    }

    /** Opens a session that takes it for its timer; the usual one where there is none. */
    static <T> T opening(@Nullable IdleTimer timer, Supplier<T> session) {
        OPENING.set(timer);
        try {
            return session.get();
        } finally {
            OPENING.remove();
        }
    }

    /** Of the session that is being opened on this thread; where none is, the usual one. */
    static ScheduledExecutorService ofOpening(Supplier<ScheduledExecutorService> usual) {
        IdleTimer opening = OPENING.get();
        return opening == null ? usual.get() : opening;
    }

    /** The one task there is: nobody asks it for anything but to be cancelled. */
    private final class Due implements ScheduledFuture<Object> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return forget();
        }

        @Override
        public boolean isCancelled() {
            return isDone();
        }

        @Override
        public boolean isDone() {
            synchronized (IdleTimer.this) {
                return task == null;
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            synchronized (IdleTimer.this) {
                return unit.convert(dueAt - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public @Nullable Object get() {
            return null;
        }

        @Override
        public @Nullable Object get(long timeout, TimeUnit unit) {
            return null;
        }
    }

    private synchronized boolean forget() {
        boolean known = task != null;
        task = null;
        return known;
    }

    /** Instead of what was scheduled before. Without a delay it is none: so Tyrus says that there is no timeout. */
    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (delay > 0 && !ended) {
            this.delay = unit.toNanos(delay);
            task = command;
            putOff();
        }
        return due;
    }

    /** The session was not idle, though Tyrus knows nothing of it. */
    synchronized void touch() {
        if (task != null) {
            putOff();
        }
    }

    private void putOff() {
        dueAt = System.nanoTime() + delay;
        if (look == null || lookAt - dueAt > 0) {
            lookLater();
        }
    }

    private void lookLater() {
        if (look != null) {
            look.cancel(false);
        }
        try {
            lookAt = dueAt;
            look = GuardedTimer.after(timer, Duration.ofNanos(Math.max(0, dueAt - System.nanoTime())), this::look);
        } catch (RejectedExecutionException e) { // the server stops
            look = null;
        }
    }

    private void look() {
        Runnable over = over();
        if (over != null) {
            endpoint.execute(over);
        }
    }

    private synchronized @Nullable Runnable over() {
        look = null;
        Runnable over = task;
        if (over != null && dueAt - System.nanoTime() > 0) {
            lookLater();
            return null;
        }
        task = null;
        return over;
    }

    /** The session has closed. */
    synchronized void end() {
        ended = true;
        task = null;
        if (look != null) {
            look.cancel(false);
        }
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("Tyrus schedules nothing that has a result");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        return every(command, first, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        return every(command, first, delay, unit);
    }

    private ScheduledFuture<?> every(Runnable command, long first, long period, TimeUnit unit) {
        return GuardedTimer.every(
                timer, Duration.of(first, unit.toChronoUnit()), Duration.of(period, unit.toChronoUnit()), command);
    }

    @Override
    public void execute(Runnable command) {
        endpoint.execute(command);
    }

    /** It ends with the server. */
    @Override
    public void shutdown() {
        end();
    }

    @Override
    public List<Runnable> shutdownNow() {
        end();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return timer.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return timer.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return timer.awaitTermination(timeout, unit);
    }
}
