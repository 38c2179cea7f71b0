package dev.parley.jdbc;

import dev.parley.concurrent.FailureLog;
import dev.parley.concurrent.GuardedTimer;
import dev.parley.log.LogException;
import dev.parley.log.LogTrouble;
import dev.parley.log.Outcome;
import dev.parley.log.Publication;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves what waits in the outbox to the log: when it is woken after a commit, and now and then, since a node may have
 * been killed between a commit and the waking, and since not everybody who commits can wake it. Any number of nodes may
 * do it at once.
 *
 * <p>One pass at a time: what is found is handed to the log's writer in its order, and the next pass looks when all of
 * it has come back. Where the log is away, what is left waits for the interval.
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(OutboxRelay.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);
    private static final String READING = "The outbox cannot be read";
    private static final int COUNT = 200;
    private static final long BYTES = 8 << 20;

    private final JdbcOutbox outbox;
    private final BiConsumer<Publication, Consumer<Outcome>> writer;
    private final ScheduledExecutorService executor;
    private final LogTrouble trouble;
    private @Nullable ScheduledFuture<?> looking;

    // Guarded by this. No DrainLoop: a pass ends when the last of what it found has come back.
    private boolean moving;
    private boolean again;

    private volatile boolean closed;

    private OutboxRelay(
            JdbcOutbox outbox,
            BiConsumer<Publication, Consumer<Outcome>> writer,
            ScheduledExecutorService executor,
            LogTrouble trouble) {
        this.trouble = trouble;
        this.outbox = outbox;
        this.writer = writer;
        this.executor = executor;
    }

    /**
     * Begins at once, with what an earlier life has left.
     *
     * @param writer as {@link dev.parley.log.LogWriter#publish}
     * @param executor is not closed; its threads may block on the database
     */
    public static OutboxRelay start(
            JdbcOutbox outbox,
            BiConsumer<Publication, Consumer<Outcome>> writer,
            ScheduledExecutorService executor,
            Duration interval) {
        return start(outbox, writer, executor, interval, new LogTrouble());
    }

    /** @param trouble is told, with whoever else runs into it, when the outbox cannot be read */
    public static OutboxRelay start(
            JdbcOutbox outbox,
            BiConsumer<Publication, Consumer<Outcome>> writer,
            ScheduledExecutorService executor,
            Duration interval,
            LogTrouble trouble) {
        OutboxRelay relay = new OutboxRelay(outbox, writer, executor, trouble);
        relay.looking = GuardedTimer.every(executor, Duration.ZERO, interval, relay::look);
        return relay;
    }

    /** There may be something to move. Never blocks. */
    public void wake() {
        try {
            executor.execute(GuardedTimer.guarded(this::look));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.DEBUG, "The executor was shut down; what waits is moved after the next start", e);
        }
    }

    /** What is under way is finished, nothing follows. */
    @Override
    public void close() {
        closed = true;
        if (looking != null) {
            looking.cancel(false);
        }
    }

    private void look() {
        if (!begin()) {
            return;
        }
        Pass pass = new Pass();
        try {
            pass.run(outbox.waiting(COUNT, BYTES));
            trouble.succeeded(READING);
        } catch (LogException e) {
            trouble.failed(READING, e);
            pass.held = true;
        } catch (Throwable e) {
            FAILURES.failed("The outbox could not be read; trying again later", e);
            pass.held = true;
        } finally {
            pass.settled();
        }
    }

    private synchronized boolean begin() {
        again = moving;
        boolean begun = !moving && !closed;
        moving |= begun;
        return begun;
    }

    private void ended(boolean more) {
        boolean next;
        synchronized (this) {
            moving = false;
            next = (more || again) && !closed;
        }
        if (next) {
            wake();
        }
    }

    /** What was found at one look, until the last of it has come back. */
    private final class Pass {
        private final AtomicInteger left = new AtomicInteger(1);
        private final List<Publication> refused = new ArrayList<>();
        private boolean found;
        private volatile boolean held;

        /** Once one is held up none may pass it: they may be of one channel. */
        void run(List<Publication> waiting) {
            found = !waiting.isEmpty();
            for (Publication publication : waiting) {
                if (held) {
                    return;
                }
                left.incrementAndGet();
                hand(publication);
            }
        }

        /**
         * A row may be of an earlier version, or of somebody's own hand: what no client could read is refused here too. Where
         * the writer fails itself, nothing comes back: what waits is found again at the next look.
         */
        private void hand(Publication publication) {
            try {
                publication.body().requirePublishable();
            } catch (RefusedException e) {
                told(publication, new Outcome.Refused(e.code(), e.reason()));
                return;
            }
            try {
                writer.accept(publication, outcome -> told(publication, outcome));
            } catch (Throwable e) {
                FAILURES.failed("The log's writer takes nothing from the outbox; trying again later", e);
                held = true;
                settled();
            }
        }

        private void told(Publication publication, Outcome outcome) {
            if (outcome instanceof Outcome.Refused told) {
                if (told.code() == ErrorCode.UNAVAILABLE) {
                    held = true;
                } else if (told.code() != ErrorCode.NOT_FOUND) {
                    LOGGER.log(
                            Level.WARNING,
                            "A message of {0} on {1}, committed in a transaction, is not taken by the log: {2}",
                            publication.from().user(),
                            publication.channel(),
                            told.message());
                    synchronized (refused) {
                        refused.add(publication);
                    }
                }
            }
            settled();
        }

        void settled() {
            if (left.decrementAndGet() > 0) {
                return;
            }
            List<Publication> discarded;
            synchronized (refused) {
                discarded = List.copyOf(refused);
            }
            if (discarded.isEmpty()) {
                ended(found && !held);
            } else {
                discardLater(discarded);
            }
        }

        private void discardLater(List<Publication> discarded) {
            try {
                executor.execute(() -> discard(discarded));
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.DEBUG, "The executor was shut down; they are refused again after the next start", e);
                ended(false);
            }
        }

        private void discard(List<Publication> discarded) {
            try {
                discarded.forEach(publication -> OutboxRow.of(publication).ifPresent(outbox::discard));
            } catch (Throwable e) {
                FAILURES.failed("The outbox could not be written; trying again later", e);
                held = true;
            } finally {
                ended(found && !held);
            }
        }
    }
}
