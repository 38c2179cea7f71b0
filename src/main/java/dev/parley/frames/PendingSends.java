package dev.parley.frames;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.connection.Transport;
import dev.parley.security.Holder;
import dev.parley.security.Limits;
import dev.parley.security.SharedBudget;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint sends to one session by itself and its client has not taken: bounded, and only for a time. Tyrus has
 * neither bound nor time limit: who sends and waits would wait for as long as the client likes, and what is sent without
 * waiting fills the heap.
 *
 * <p>A client of which within the send timeout next to nothing has gone out is slow, and so is one for which more waits than
 * may; then all that waits fails at once, which ends every waiting for it, though the frames themselves stay in the queue:
 * one that was begun must be whole before a farewell. Who takes a kilobyte a second is not slow. There is one look at a time,
 * however many sends there are, and none where nothing waits.
 *
 * <p>Thread-safe.
 */
final class PendingSends {
    /** Until it is taken Tyrus keeps the text, its bytes, and the frame with a copy of them. */
    static final int COPIES = 3;

    /** And so much beside: futures, buffers, records of the queue. */
    private static final int OVERHEAD = 512;

    /** Looks in one send timeout. */
    private static final int LOOKS = 4;

    /** Bytes a second, half of what is sure to be enough. */
    private static final int LEAST_A_SECOND = 512;

    /** Made when first needed: most sessions never wait for their client. Nothing is put in here. */
    private static final Deque<Send> NONE = new ArrayDeque<>(0);

    private static final long[] NOTHING = {};

    private final FrameOutput output;
    private final SharedBudget.Reservation room;
    private final int most;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Runnable slow;
    private volatile boolean watched;
    private volatile long backedUpAt;

    // Guarded by this.
    private Deque<Send> waiting = NONE;
    private long[] gone = NOTHING;
    private long held;
    private long added;
    private long queuedBefore;
    private int looks;
    private boolean over;
    private @Nullable Future<?> expiry;
    private long expiresAt;

    /**
     * @param room for what waits
     * @param slow is told, perhaps more than once, that the client does not take what it is sent; it only hands on
     */
    PendingSends(FrameOutput output, SharedBudget.Reservation room, EndpointServices services, Runnable slow) {
        this.output = output;
        this.room = room;
        this.most = services.bounds().sendQueue();
        this.timeout = services.bounds().sendTimeout();
        this.timer = services.timer();
        this.slow = slow;
        this.backedUpAt = System.nanoTime() - Long.MAX_VALUE / 2; // before anything was heard of anybody
    }

    /** One write of the endpoint's. */
    private final class Send implements Transport.Completion {
        private final Transport.Completion done;
        private final long cost;
        private final long since = System.nanoTime();
        private final long expiresAt;
        private final boolean data;

        // Guarded by the sends.
        private boolean told;

        private Send(Transport.Completion done, long bytes, boolean data, Duration limit) {
            this.done = done;
            this.cost = OVERHEAD + bytes;
            this.data = data;
            this.expiresAt = limit.isZero() ? Long.MAX_VALUE : since + limit.toNanos();
        }

        @Override
        public void sent() {
            if (end(this)) {
                done.sent();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (end(this)) {
                done.failed(cause);
            }
        }
    }

    /**
     * Queues frames of Tyrus's; what becomes of them is told once.
     *
     * @param data whether they are of a message; what controls the connection is bounded with the rest, and waited over by
     *     nobody
     * @param copies so often it is in memory
     * @param limit after it the sender is told that they were not sent, though they may be later; zero is none
     */
    void send(ByteBuffer frames, Transport.Completion done, boolean data, int copies, Duration limit) {
        Send send = new Send(done, (long) copies * frames.remaining(), data, limit);
        if (!add(send, frames.remaining())) {
            askForEnd();
            send.done.failed(notTaken());
            return;
        }
        output.queue(frames, send);
        watch(send);
    }

    static IOException notTaken() {
        return new IOException("The client does not take what it is sent (parley.limits.send-timeout,"
                + " parley.endpoints.send-queue)");
    }

    private void askForEnd() {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        slow.run();
    }

    private boolean add(Send send, int size) {
        synchronized (this) {
            if (over || (!waiting.isEmpty() && held + send.cost > most)) {
                return false;
            }
            waiting = waiting == NONE ? new ArrayDeque<>(2) : waiting;
            waiting.add(send);
            held += send.cost;
            added += size;
        }
        if (room.take(send.cost)) {
            return true;
        }
        synchronized (this) {
            waiting.remove(send);
            held -= send.cost;
        }
        return false;
    }

    private boolean end(Send send) {
        boolean first;
        synchronized (this) {
            if (waiting.remove(send)) {
                held -= send.cost;
                room.give(send.cost);
            }
            first = !send.told;
            send.told = true;
        }
        return first;
    }

    /** So many bytes are written beside these. */
    void written(int bytes) {
        if (watched) {
            synchronized (this) {
                added += bytes;
            }
        }
    }

    /** When a send last had to wait, as {@link System#nanoTime}: the client had much unread then. */
    long backedUpAt() {
        return backedUpAt;
    }

    /** Whose share of the memory they take. */
    void belongsTo(Holder holder) {
        room.belongsTo(holder);
    }

    void giveRoom() {
        room.giveAll();
    }

    /** Takes nothing more, and fails all that waits. */
    void giveUp() {
        List<Send> failing;
        synchronized (this) {
            over = true;
            failing = waiting.stream().filter(send -> !send.told).toList();
            failing.forEach(send -> send.told = true);
        }
        failing.forEach(send -> send.done.failed(notTaken()));
    }

    private synchronized void watch(Send send) {
        if (over || send.told) { // it has gone already
            return;
        }
        if (send.data) {
            backedUpAt = send.since;
        }
        if (send.expiresAt != Long.MAX_VALUE) {
            expireAt(send.expiresAt);
        }
        if (!watched && send.data) {
            watched = true;
            looks = 0;
            added = 0;
            queuedBefore = output.waiting();
            gone = new long[LOOKS];
            lookLater();
        }
    }

    private void lookLater() {
        try {
            Future<?> unused = GuardedTimer.after(timer, timeout.dividedBy(LOOKS), this::look);
        } catch (RejectedExecutionException e) { // the server stops
            watched = false;
        }
    }

    private void look() {
        output.nudge();
        if (isOverdue()) {
            slow.run();
        }
    }

    private synchronized boolean isOverdue() {
        Send oldest = waiting.peek();
        if (over || waiting.stream().noneMatch(send -> send.data)) {
            watched = false;
            return false;
        }
        int queued = output.waiting();
        gone[looks % LOOKS] = queuedBefore + added - queued;
        looks++;
        queuedBefore = queued;
        added = 0;
        boolean overdue = oldest != null
                && looks >= LOOKS
                && System.nanoTime() - oldest.since >= timeout.toNanos()
                && Arrays.stream(gone).sum() < least();
        if (overdue) {
            watched = false;
        } else {
            lookLater();
        }
        return overdue;
    }

    private long least() {
        return Math.max(1, Math.min(Limits.LEAST_PROGRESS, LEAST_A_SECOND * timeout.toMillis() / 1000));
    }

    private void expireAt(long time) {
        if (expiry != null && expiresAt - time <= 0) {
            return;
        }
        if (expiry != null) {
            expiry.cancel(false);
        }
        try {
            expiresAt = time;
            expiry = GuardedTimer.after(timer, Duration.ofNanos(Math.max(0, time - System.nanoTime())), this::expire);
        } catch (RejectedExecutionException e) { // the server stops
            expiry = null;
        }
    }

    private void expire() {
        List<Send> failing = new ArrayList<>();
        synchronized (this) {
            expiry = null;
            long now = System.nanoTime();
            for (Send send : waiting) {
                if (send.told || send.expiresAt == Long.MAX_VALUE) {
                    continue;
                }
                if (send.expiresAt - now <= 0) {
                    send.told = true;
                    failing.add(send);
                } else {
                    expireAt(send.expiresAt);
                }
            }
        }
        failing.forEach(send -> send.done.failed(new SocketTimeoutException("Not sent within the send timeout")));
    }
}
