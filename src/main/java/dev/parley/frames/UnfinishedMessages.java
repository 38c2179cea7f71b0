package dev.parley.frames;

import dev.parley.api.Identity;
import dev.parley.concurrent.GuardedTimer;
import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Caller;
import dev.parley.security.Holder;
import dev.parley.security.Limits;
import dev.parley.security.SharedBudget;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What clients may have the server hold of messages that have not come whole yet, and for how long. A hundred clients
 * that each send all but the last byte of the largest message would else fill the heap, though none of them breaks a rule.
 *
 * <p>All of them share a {@link SharedBudget}; and within each time limit at least {@link Limits#LEAST_PROGRESS} bytes of
 * a message must come, or its end. Thread-safe.
 */
public final class UnfinishedMessages {
    private final SharedBudget budget;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Executor workers;

    /** @param workers may wait for an endpoint that is told that its session has ended */
    public UnfinishedMessages(SharedBudget budget, Duration timeout, ScheduledExecutorService timer, Executor workers) {
        this.budget = budget;
        this.timeout = timeout;
        this.timer = timer;
        this.workers = workers;
    }

    /** Of one connection. */
    OfConnection of(Caller caller) {
        return new OfConnection(caller.address());
    }

    /** The message of one connection that is being read. Its reader tells it what comes, one thread at a time. */
    final class OfConnection {
        private final String address;
        private final SharedBudget.Reservation room;
        private volatile Holder holder;
        private final AtomicBoolean looking = new AtomicBoolean();
        private volatile Consumer<DisconnectCode> over = code -> {};
        private volatile LongSupplier pauses = () -> 0;
        private volatile Future<?> look = CompletableFuture.completedFuture(null);
        private volatile boolean unfinished;
        private volatile long progress;

        /** Used by the reader alone. */
        private long read;

        /** Used by whoever looks. */
        private long progressBefore;

        /** Used by whoever looks. */
        private long pausesBefore;

        private OfConnection(String address) {
            this.address = address;
            this.holder = Holder.ofAddress(address);
            this.room = budget.open(holder, () -> end(DisconnectCode.OVERLOADED));
        }

        /** Is told, on a thread that may wait, why no more of it is to be taken. */
        void whenOver(Consumer<DisconnectCode> told) {
            over = told;
        }

        /**
         * What comes is not always read: how often that has begun or ended, so that while it is odd nothing is read. The
         * client is not to blame for what did not come meanwhile.
         */
        void readWithPauses(LongSupplier begunOrEnded) {
            pauses = begunOrEnded;
        }

        SharedBudget.Reservation room() {
            return room;
        }

        /** The client's connection is known to be this one's. */
        void belongsTo(Identity identity) {
            holder = Holder.of(identity, address);
            room.belongsTo(holder);
        }

        Holder holder() {
            return holder;
        }

        /** So many bytes of a message have come. */
        void came(int bytes) {
            read += bytes;
        }

        /** All of a message is there. It is handed on now, which may take its time. */
        void whole() {
            read += Limits.LEAST_PROGRESS;
            progress = read;
            unfinished = false;
        }

        /** All that has come is read. */
        void pause(boolean midway) {
            progress = read;
            unfinished = midway;
            if (midway && looking.compareAndSet(false, true)) {
                lookLater();
            }
        }

        /** Nothing more is read. */
        void dropped() {
            unfinished = false;
            look.cancel(false);
        }

        private void lookLater() {
            progressBefore = progress;
            pausesBefore = pauses.getAsLong();
            try {
                look = GuardedTimer.after(timer, timeout, this::look);
            } catch (RejectedExecutionException e) { // the server stops
                look = CompletableFuture.completedFuture(null);
            }
        }

        private void look() {
            boolean read = pauses.getAsLong() == pausesBefore && pausesBefore % 2 == 0;
            if (unfinished && read && progress - progressBefore < Limits.LEAST_PROGRESS) {
                end(DisconnectCode.SLOW);
                return;
            }
            looking.set(false);
            if (unfinished && looking.compareAndSet(false, true)) {
                lookLater();
            }
        }

        private void end(DisconnectCode code) {
            try {
                workers.execute(() -> over.accept(code));
            } catch (RejectedExecutionException e) { // the server stops
                look.cancel(false);
            }
        }
    }
}
