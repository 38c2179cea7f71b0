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
import java.util.concurrent.TimeUnit;
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
 *
 * <p>The other: somebody holds one channel's log. What is of that channel is put aside, to be tried now and then, and
 * refused after 10 seconds; what is published there meanwhile goes behind it, and may fill half of the queue. All other
 * channels go on.
 */
public final class LogWriter implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(LogWriter.class.getName());
    private static final Duration CLOSING = Duration.ofSeconds(30);
    private static final BatchCommit.Result NOTHING = new BatchCommit.Result(Optional.empty(), List.of());

    private final Executor executor;
    private final WriterLimits limits;
    private final BatchCommit commit;
    private final LogTrouble trouble = new LogTrouble();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition published = lock.newCondition();
    private final HeldPublications held;
    private final ArrayDeque<QueuedPublication> queue = new ArrayDeque<>();
    private long queuedBytes;

    /** No {@code DrainLoop}: it goes with the queue under the lock, where {@link #close} awaits it. */
    private boolean running;

    /** They take turns: neither what is held nor the rest has to wait for all of the other. */
    private boolean triedHeld;

    private boolean closed;
    private boolean available = true;
    private long batches;
    private long messages;
    private @Nullable Thread writer;
    private @Nullable Long began;
    private @Nullable Instant lastCommit;
    private WriterStatus.@Nullable Failure lastFailure;

    /** @param inlineSize bodies of more bytes reach the listener as {@code Body.Reference} */
    public LogWriter(Log log, Executor executor, CommitListener listener, WriterLimits limits, int inlineSize) {
        this(new BatchCommit(log, listener, inlineSize), executor, limits, HeldPublications.Pace.DEFAULT);
    }

    LogWriter(BatchCommit commit, Executor executor, WriterLimits limits, HeldPublications.Pace pace) {
        this.executor = executor;
        this.limits = limits;
        this.commit = commit;
        this.held = new HeldPublications(pace);
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
            taken = mayQueue(publication.channel(), queued.bytes());
            if (taken) {
                queue.add(queued);
                queuedBytes += queued.bytes();
                published.signal();
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

    /** By which whoever else uses the log tells of its trouble, so that it is told once. */
    public LogTrouble trouble() {
        return trouble;
    }

    /** What a health check should know; a snapshot. */
    public WriterStatus status() {
        lock.lock();
        try {
            return new WriterStatus(
                    queue.size() + held.count(),
                    queuedBytes + held.bytes(),
                    batches,
                    messages,
                    available,
                    began == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - began),
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

    private boolean mayQueue(String channel, long bytes) {
        boolean trying = !available && running;
        int count = queue.size() + held.count();
        boolean room = count == 0
                || (count < limits.queueMessages() && queuedBytes + held.bytes() + bytes <= limits.queueBytes());
        return !closed && !trying && room && (!held.holds(channel) || mayWaitForHeld(bytes));
    }

    private boolean mayWaitForHeld(long bytes) {
        return held.count() < limits.queueMessages() / 2 && held.bytes() + bytes <= limits.queueBytes() / 2;
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
            Optional<List<QueuedPublication>> batch = nextBatch();
            while (batch.isPresent()) {
                BatchCommit.Result result = batch.get().isEmpty() ? NOTHING : commit.commit(batch.get());
                report(batch.get(), result.failure());
                account(result).forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
                batch = nextBatch();
            }
        } catch (RuntimeException | Error e) {
            stopRunning().forEach(queued -> queued.refuse(ErrorCode.UNAVAILABLE));
            throw e;
        }
    }

    /** None, and no longer running, when nothing waits; an empty one where it waited for what is held. */
    @SuppressWarnings("WaitNotInLoop") // writeAll is the loop
    private Optional<List<QueuedPublication>> nextBatch() {
        lock.lock();
        try {
            boolean due = !held.isEmpty() && held.nanosUntilDue() <= 0;
            triedHeld = due && !(triedHeld && !queue.isEmpty());
            List<QueuedPublication> batch = triedHeld ? held.take(limits) : takeQueued();
            if (batch.isEmpty() && !held.isEmpty()) {
                boolean unused = published.await(held.nanosUntilDue(), TimeUnit.NANOSECONDS);
            }
            running = !batch.isEmpty() || !held.isEmpty();
            writer = running ? Thread.currentThread() : null;
            began = batch.isEmpty() ? null : (Long) System.nanoTime();
            if (!running) {
                idle.signalAll();
            }
            return running ? Optional.of(batch) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The writer was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** What is of a channel that is held goes behind what waits for it. */
    private List<QueuedPublication> takeQueued() {
        List<QueuedPublication> batch = new ArrayList<>();
        long bytes = 0;
        QueuedPublication next = queue.peek();
        while (next != null
                && batch.size() < limits.batchMessages()
                && (batch.isEmpty() || bytes + next.bytes() <= limits.batchBytes())) {
            queue.remove();
            queuedBytes -= next.bytes();
            if (held.holds(next.publication().channel())) {
                held.add(next);
            } else {
                bytes += next.bytes();
                batch.add(next);
            }
            next = queue.peek();
        }
        return batch;
    }

    /** Notes how a batch went; returns what must be refused: all, now that the log is known to be away, or what is overdue. */
    private List<QueuedPublication> account(BatchCommit.Result result) {
        lock.lock();
        try {
            began = null;
            held.putBack(result.held());
            held.release();
            if (commit.batches() > batches) {
                lastCommit = Instant.now();
            }
            batches = commit.batches();
            messages = commit.messages();
            available = result.failure().isEmpty();
            if (available) {
                return held.takeOverdue();
            }
            lastFailure = new WriterStatus.Failure(
                    Instant.now(), String.valueOf(result.failure().get().getMessage()));
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    private void report(List<QueuedPublication> batch, Optional<LogException> failure) {
        if (failure.isPresent()) {
            trouble.failed(LogTrouble.WRITING, failure.get());
        } else if (!batch.isEmpty()) {
            trouble.succeeded(LogTrouble.WRITING);
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
        List<QueuedPublication> all = held.takeAll();
        all.addAll(queue);
        queue.clear();
        queuedBytes = 0;
        return all;
    }
}
