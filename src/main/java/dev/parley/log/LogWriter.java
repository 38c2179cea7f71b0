package dev.parley.log;

import dev.parley.protocol.ErrorCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commits what is published, as much at a time as has come in while the last commit went on (group commit): alone, a
 * publisher waits for one commit; a thousand publishers share one.
 *
 * <p>{@link #publish} may be called from any thread and never blocks. One task at a time runs on the executor, and only
 * while there is something to write; it blocks on the log, so the executor's threads must be allowed to. Publications
 * are committed in the order in which they came, so those of one thread to one channel keep theirs.
 *
 * <p>After a commit, on the task's thread: first every publisher's callback with its outcome, in order, so that replies
 * are on their way before deliveries; then the listener. What one of them throws is logged and harms no other.
 *
 * <p>The hard case: the database is away, and every attempt takes as long as the pool waits for a connection. The batch
 * that found it out fails together with all that was queued behind it. From then on one batch at a time tries again, and
 * whoever publishes while it tries is refused at once, until one has succeeded. So nobody waits for the pool twice, and
 * nothing needs to be told that the database is back.
 */
public final class LogWriter implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(LogWriter.class.getName());
    private static final Duration CLOSING = Duration.ofSeconds(30);

    private final Executor executor;
    private final WriterLimits limits;
    private final BatchCommit commit;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<QueuedPublication> queue = new ArrayDeque<>();
    private long queuedBytes;

    /** No {@code DrainLoop}: it goes with the queue under the lock, where {@link #close} awaits it. */
    private boolean running;

    private boolean closed;
    private boolean available = true;
    private long batches;
    private long messages;
    private @Nullable Thread writer;
    private @Nullable Instant lastCommit;
    private WriterStatus.@Nullable Failure lastFailure;

    /** @param inlineSize bodies of more bytes reach the listener as {@code Body.Reference} */
    public LogWriter(Log log, Executor executor, CommitListener listener, WriterLimits limits, int inlineSize) {
        this.executor = executor;
        this.limits = limits;
        this.commit = new BatchCommit(log, listener, inlineSize);
    }

    /**
     * Takes a publication to be appended. The callback is called once: on the writer's thread, or on the caller's before
     * this returns where the publication is refused at once, since too much waits, the log is away, or this is closed.
     */
    public void publish(Publication publication, Consumer<Outcome> callback) {
        QueuedPublication queued = new QueuedPublication(publication, callback);
        boolean taken;
        boolean start = false;
        lock.lock();
        try {
            taken = mayQueue(queued.bytes());
            if (taken) {
                queue.add(queued);
                queuedBytes += queued.bytes();
                start = !running;
                running = true;
            }
        } finally {
            lock.unlock();
        }
        if (!taken) {
            queued.refuse(ErrorCode.UNAVAILABLE);
        } else if (start) {
            start();
        }
    }

    /** What a health check should know; a snapshot. */
    public WriterStatus status() {
        lock.lock();
        try {
            return new WriterStatus(
                    queue.size(),
                    queuedBytes,
                    batches,
                    messages,
                    available,
                    Optional.ofNullable(lastCommit),
                    Optional.ofNullable(lastFailure));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes nothing more, and waits until what is queued has been written, for 30 seconds at most; what is left then is
     * refused. Called by a callback, it does not wait.
     */
    @Override
    public void close() {
        List<QueuedPublication> left = List.of();
        lock.lock();
        try {
            closed = true;
            long nanos = CLOSING.toNanos();
            while (running && writer != Thread.currentThread() && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
            if (nanos <= 0) {
                left = takeAll();
            }
        } catch (InterruptedException e) {
            left = takeAll();
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        left.forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
    }

    private boolean mayQueue(long bytes) {
        boolean trying = !available && running;
        boolean room = queue.isEmpty()
                || (queue.size() < limits.queueMessages() && queuedBytes + bytes <= limits.queueBytes());
        return !closed && !trying && room;
    }

    private void start() {
        try {
            executor.execute(this::writeAll);
        } catch (RejectedExecutionException | Error e) { // an Error where there is no memory for a thread
            LOGGER.log(Level.WARNING, "The executor takes no more work, so nothing can be published", e);
            stopRunning().forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
        }
    }

    private void writeAll() {
        try {
            List<QueuedPublication> batch = nextBatch();
            while (!batch.isEmpty()) {
                Optional<LogException> failure = commit.commit(batch);
                List<QueuedPublication> given = account(failure);
                given.forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
                batch = nextBatch();
            }
        } catch (RuntimeException | Error e) {
            stopRunning().forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
            throw e;
        }
    }

    /** Empty, and no longer running, when nothing waits. */
    private List<QueuedPublication> nextBatch() {
        lock.lock();
        try {
            List<QueuedPublication> batch = new ArrayList<>();
            long bytes = 0;
            QueuedPublication next = queue.peek();
            while (next != null
                    && batch.size() < limits.batchMessages()
                    && (batch.isEmpty() || bytes + next.bytes() <= limits.batchBytes())) {
                bytes += next.bytes();
                batch.add(queue.remove());
                next = queue.peek();
            }
            queuedBytes -= bytes;
            running = !batch.isEmpty();
            writer = running ? Thread.currentThread() : null;
            if (!running) {
                idle.signalAll();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Notes how a batch went; returns what else must be refused, now that the log is known to be away. */
    private List<QueuedPublication> account(Optional<LogException> failure) {
        lock.lock();
        try {
            report(failure);
            available = failure.isEmpty();
            if (commit.batches() > batches) {
                lastCommit = Instant.now();
            }
            batches = commit.batches();
            messages = commit.messages();
            if (failure.isEmpty()) {
                return List.of();
            }
            lastFailure = new WriterStatus.Failure(
                    Instant.now(), String.valueOf(failure.get().getMessage()));
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Once when the log goes and once when it is back, not for every attempt between. */
    private void report(Optional<LogException> failure) {
        if (failure.isEmpty() && !available) {
            LOGGER.log(Level.INFO, "The log can be written again");
        } else if (failure.isPresent()) {
            LOGGER.log(available ? Level.WARNING : Level.DEBUG, "The log cannot be written", failure.get());
        }
    }

    private List<QueuedPublication> stopRunning() {
        lock.lock();
        try {
            running = false;
            writer = null;
            idle.signalAll();
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    private List<QueuedPublication> takeAll() {
        List<QueuedPublication> all = List.copyOf(queue);
        queue.clear();
        queuedBytes = 0;
        return all;
    }
}
