package dev.parley.frames;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.connection.Pings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Finds out when the peer of a session that has joined no channel is gone without a word: after a while of silence it is
 * pinged, and when it does not answer in time its session ends. One timer a session, whatever it sends.
 *
 * <p>Looks come one after the other; begun and ended by any thread.
 */
final class PeerWatch {
    /**
     * For how long an answer may take of a client that had much to read before the ping: what the system keeps on both
     * sides, at a kilobyte a second. When it is gone, TCP finds that out by what is not acknowledged.
     */
    private static final Duration WHILE_READING = Duration.ofMinutes(10);

    private final Pings pings;
    private final ScheduledExecutorService timer;
    private final Peer peer;
    private volatile Future<?> next = CompletableFuture.completedFuture(null);
    private volatile boolean ended;

    // Used by the looks alone.
    private boolean asked;
    private long askedAt;

    /** Whom it is about. */
    interface Peer {
        /** When something last came from it, or was not read, as {@link System#nanoTime}. */
        long heardAt();

        /** Whether it has had more to read than it took since then, as {@link System#nanoTime}. */
        boolean hasBackedUpSince(long time);

        /** Asks it for a sign of life; false when that cannot be yet. */
        boolean ping();

        /** It does not answer. */
        void silent();
    }

    PeerWatch(Pings pings, ScheduledExecutorService timer, Peer peer) {
        this.pings = pings;
        this.timer = timer;
        this.peer = peer;
    }

    void begin() {
        after(pings.interval());
    }

    /** Somebody else looks after it, or it has closed. */
    void end() {
        ended = true;
        next.cancel(false);
    }

    private void after(Duration pause) {
        if (ended) {
            return;
        }
        try {
            next = GuardedTimer.after(timer, pause, this::look);
        } catch (RejectedExecutionException e) { // the server stops
            ended = true;
        }
    }

    private void look() {
        long heard = peer.heardAt();
        long quiet = System.nanoTime() - heard;
        Duration patience = peer.hasBackedUpSince(heard) ? WHILE_READING : pings.timeout();
        if (quiet < pings.interval().toNanos() || (asked && heard - askedAt > 0)) {
            asked = false;
            after(Duration.ofNanos(Math.max(1, pings.interval().toNanos() - quiet)));
        } else if (!asked) {
            askedAt = System.nanoTime();
            asked = peer.ping();
            after(pings.timeout());
        } else if (System.nanoTime() - askedAt < patience.toNanos()) {
            after(pings.timeout());
        } else {
            ended = true;
            peer.silent();
        }
    }
}
