package dev.parley.connection;

import dev.parley.channel.Batch;
import dev.parley.channel.BatchLimit;
import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.concurrent.DrainLoop;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.DisconnectCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a connection: one send in flight, and when it completes, the next takes everything since the
 * cursors. Replies go before channel data; channels take turns. Thread-safe and non-blocking.
 *
 * <p>The hard cases: a completion may come on the sender's own stack (Tyrus and Undertow both do that), so sending is a
 * loop that a completion only tells to go on, never a recursion; after some rounds it goes on as a task of its own, so
 * that one fast client does not keep the thread that sends to the others. A send may throw, as to a session that has
 * just closed: that ends this connection and nothing else.
 */
final class ConnectionWriter implements Transport.Completion {
    private static final int ROUNDS = 16;
    private static final int LEAST_BATCH = 512;
    private static final System.Logger LOGGER = System.getLogger(ConnectionWriter.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final Transport transport;
    private final Representation representation;
    private final Runnable gone;
    private final DrainLoop loop;
    private final Runnable sending;
    private final ArrayDeque<BatchSource> ready = new ArrayDeque<>(2);

    /** Of the replies that wait; read also without the lock. */
    private volatile int repliesSize;

    // Guarded by this.
    private @Nullable ArrayDeque<Encoded> replies;
    private @Nullable LastWord last;
    private @Nullable CompletableFuture<Void> caughtUp;
    private boolean inFlight;
    private boolean ended;
    private int most;
    private int mostPushes = Integer.MAX_VALUE;

    /** When the last send began or completed. */
    private long activeAt = System.nanoTime();

    private record LastWord(DisconnectCode code, Optional<Encoded> word) {}

    /**
     * @param representation the connection's representation: whether several texts may be one message, and what stands between
     * @param most bytes in one batch
     * @param gone is told once, when the connection has ended from this side
     */
    ConnectionWriter(Transport transport, Executor delivery, Representation representation, int most, Runnable gone) {
        this.transport = transport;
        this.representation = representation;
        this.most = most;
        this.gone = gone;
        this.loop = new DrainLoop(this::sendOne, ROUNDS, delivery, this::noThread);
        this.sending = loop::drain;
    }

    /**
     * From now on batches hold no more than this, though a single message may. It is taken as the power of two below,
     * so that clients who name nearly the same share their batches.
     */
    synchronized void limitBatch(int bytes) {
        most = Math.max(LEAST_BATCH, Math.min(most, Integer.highestOneBit(Math.max(1, bytes))));
    }

    /** From now on a batch holds no more of what channels push than this. */
    synchronized void limitPushes(int count) {
        mostPushes = count;
    }

    synchronized int batchSize() {
        return most;
    }

    /** The source may have a batch. */
    void ready(BatchSource source) {
        synchronized (this) {
            if (source.queued || ended) {
                return;
            }
            source.queued = true;
            ready.add(source);
        }
        flush();
    }

    /**
     * Queues a reply.
     *
     * @return how many bytes of replies are waiting now
     */
    int reply(Encoded reply) {
        int waiting;
        synchronized (this) {
            if (ended || last != null) {
                return 0;
            }
            if (replies == null) {
                replies = new ArrayDeque<>(4);
            }
            replies.add(reply);
            waiting = repliesSize + reply.size();
            repliesSize = waiting;
        }
        return waiting;
    }

    /**
     * Completes when the replies that wait are fewer than a batch, on the thread that takes them; never, when the
     * connection ends before.
     */
    synchronized CompletableFuture<Void> caughtUp() {
        if (repliesSize < most) {
            return CompletableFuture.completedFuture(null);
        }
        if (caughtUp == null) {
            caughtUp = new CompletableFuture<>();
        }
        return caughtUp;
    }

    /**
     * Sends what is queued from this thread; with what else the client's bytes bring about, while they are read on it.
     */
    void flush() {
        if (!isFull() && transport.isSendingLater(sending)) {
            return;
        }
        loop.drain();
    }

    /** Whether the replies that wait fill a batch: then nothing is gained by waiting for more. */
    private boolean isFull() {
        int waiting = repliesSize;
        return waiting > 0 && waiting >= batchSize();
    }

    /** Sends what is queued from a thread for that; for callers that others wait for, such as the log's writer. */
    void flushAsync() {
        loop.schedule();
    }

    /** After what is in flight: a last word, and the end. */
    void close(DisconnectCode code, Optional<Encoded> word) {
        synchronized (this) {
            if (ended || last != null) {
                return;
            }
            last = new LastWord(code, word);
        }
        flush();
    }

    /** The end at once, whether or not something is in flight. */
    void abort(DisconnectCode code) {
        if (end()) {
            try {
                transport.close(code);
            } catch (RuntimeException | Error e) {
                LOGGER.log(System.Logger.Level.DEBUG, "The client cannot be told", e);
            }
            gone.run();
        }
    }

    /** The end at once, for the reason that a last word was to tell, or else for this one. */
    void abortUnread(DisconnectCode otherwise) {
        DisconnectCode code;
        synchronized (this) {
            code = last == null ? otherwise : last.code();
        }
        abort(code);
    }

    synchronized boolean isEnding() {
        return ended || last != null;
    }

    /** The client is gone: nothing more is sent. True the first time. */
    synchronized boolean end() {
        boolean was = ended;
        ended = true;
        ready.clear();
        replies = null;
        return !was;
    }

    /**
     * Pings if nothing is in flight: to a client that takes nothing, a ping would wait (Undertow's blocks).
     *
     * @return whether it did, or will
     */
    boolean ping(Transport.Ping told) {
        synchronized (this) {
            if (inFlight || ended) {
                return false;
            }
            begin();
        }
        try {
            transport.ping(told);
            sent();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
        return true;
    }

    /** When the client was last heard of, as its transport knows it. */
    long heardAt(long known) {
        return transport.heardAt(known);
    }

    /** For how long the send in flight has not been taken, in nanoseconds; 0 when there is none. */
    synchronized long stuckFor(long now) {
        return inFlight ? Math.max(0, now - activeAt) : 0;
    }

    /** For how long nothing was sent and nothing waits to be taken, in nanoseconds. */
    synchronized long quietFor(long now) {
        return inFlight ? 0 : Math.max(0, now - activeAt);
    }

    @Override
    public void sent() {
        synchronized (this) {
            inFlight = false;
            activeAt = System.nanoTime();
        }
        flush();
    }

    /** The client is gone, or, where it is not, must be told to come back: it would else wait for what never comes. */
    @Override
    public void failed(Throwable reason) {
        LOGGER.log(System.Logger.Level.DEBUG, "A send failed", reason);
        abort(DisconnectCode.INTERNAL);
    }

    /** What fails here, such as a form that cannot write a message, is this connection's end and reaches no other. */
    private boolean sendOne() {
        try {
            return step();
        } catch (Throwable e) {
            FAILURES.failed("A connection's sending failed", e);
            abort(DisconnectCode.INTERNAL);
            return false;
        }
    }

    private void noThread(Throwable reason) {
        LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping or has too much to do", reason);
        abort(DisconnectCode.RESTART);
    }

    /** Sends one batch if it can; false when there is nothing to do now. */
    private boolean step() {
        Batch batch;
        LastWord due;
        CompletableFuture<Void> toldOf;
        synchronized (this) {
            if (inFlight || ended) {
                return false;
            }
            batch = compose();
            batch = batch == null ? lastWord() : batch;
            // Looked at together: a reply that comes a moment later, with a last word behind it, must go first
            due = batch == null ? last : null;
            if (batch != null) {
                begin();
            }
            toldOf = repliesSize < most ? caughtUp : null;
            caughtUp = toldOf == null ? caughtUp : null;
        }
        if (batch != null) {
            send(batch);
            if (toldOf != null) {
                toldOf.complete(null);
            }
            return true;
        }
        if (due != null) {
            abort(due.code());
        }
        return false;
    }

    private @Nullable Batch lastWord() {
        LastWord saying = last;
        if (saying == null || saying.word().isEmpty()) {
            return null;
        }
        last = new LastWord(saying.code(), Optional.empty());
        Encoded word = saying.word().get();
        return new Batch(List.of(word), 0, word.size());
    }

    private void begin() {
        inFlight = true;
        activeAt = System.nanoTime();
    }

    private void send(Batch batch) {
        try {
            transport.send(batch, this);
        } catch (RuntimeException | Error e) {
            // Tyrus throws an Error where a text has no UTF-8 form.
            failed(e);
        }
    }

    /** The replies, then one channel after the other, as much as fits; a single channel's batch is shared as it is. */
    private @Nullable Batch compose() {
        BatchComposer composer = null;
        if (replies != null && !replies.isEmpty()) {
            composer = new BatchComposer(representation, most);
            int waiting = repliesSize;
            while (!replies.isEmpty() && composer.fits(replies.peek().size())) {
                Encoded reply = replies.remove();
                waiting -= reply.size();
                composer.add(reply);
            }
            repliesSize = waiting;
        }
        if (last != null) {
            return composer == null ? null : composer.batch();
        }
        return withChannels(composer);
    }

    private @Nullable Batch withChannels(@Nullable BatchComposer begun) {
        BatchComposer composer = begun;
        Batch only = null;
        int pushes = 0;
        int turns = ready.size();
        while (turns-- > 0 && pushes < mostPushes && room(composer, only) > 0) {
            BatchSource source = ready.remove();
            source.queued = false;
            Batch batch = source.next(new BatchLimit(room(composer, only), mostPushes - pushes))
                    .orElse(null);
            if (batch == null) {
                continue;
            }
            pushes += batch.count();
            if (source.mayHaveMore()) {
                source.queued = true;
                ready.add(source);
            }
            if (composer == null && only == null) {
                only = batch;
            } else {
                composer = composer == null ? new BatchComposer(representation, most) : composer;
                if (only != null) {
                    composer.add(only);
                    only = null;
                }
                composer.add(batch);
            }
        }
        return composer == null ? only : composer.batch();
    }

    /** All or half: odd rests would cut the batches that others share into pieces that nobody shares. */
    private int room(@Nullable BatchComposer composer, @Nullable Batch only) {
        int used = composer != null ? composer.size() : only != null ? only.size() : 0;
        return used == 0 ? most : used <= most / 2 ? most / 2 : 0;
    }
}
