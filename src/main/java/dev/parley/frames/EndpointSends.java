package dev.parley.frames;

import dev.parley.connection.Transport;
import dev.parley.security.Holder;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The {@link PendingSends} of one session, made with the first: who reads channels is sent next to nothing by the endpoint
 * itself, and an idle connection shall cost little. Thread-safe.
 */
final class EndpointSends {
    private final FrameOutput output;
    private final UnfinishedMessages.OfConnection connection;
    private final EndpointServices services;
    private final Runnable slow;
    private volatile @Nullable PendingSends pending;

    /**
     * @param connection says whose share of the memory they take
     * @param slow is told, perhaps more than once, that the client does not take what it is sent; it only hands on
     */
    EndpointSends(
            FrameOutput output, UnfinishedMessages.OfConnection connection, EndpointServices services, Runnable slow) {
        this.output = output;
        this.connection = connection;
        this.services = services;
        this.slow = slow;
    }

    private PendingSends pending() {
        PendingSends made = pending;
        if (made == null) {
            synchronized (this) {
                made = pending;
                if (made == null) {
                    made = new PendingSends(output, services.sent().open(connection.holder(), slow), services, slow);
                    pending = made;
                }
            }
        }
        return made;
    }

    /** See {@link PendingSends#send}. */
    void send(ByteBuffer frames, Transport.Completion done, boolean data, int copies, Duration limit) {
        pending().send(frames, done, data, copies, limit);
    }

    /** So many bytes are written beside these. */
    void written(int bytes) {
        PendingSends made = pending;
        if (made != null) {
            made.written(bytes);
        }
    }

    /** Whether a send has had to wait since then, as {@link System#nanoTime}: the client had much unread. */
    boolean hasBackedUpSince(long time) {
        PendingSends made = pending;
        return made != null && made.backedUpAt() - time > 0;
    }

    /** Takes nothing more, and fails all that waits. */
    void giveUp() {
        pending().giveUp();
    }

    /** The client's connection is known to be this one's. */
    synchronized void belongsTo(Holder holder) {
        if (pending != null) {
            pending.belongsTo(holder);
        }
    }

    /** The client is gone: nothing waits any more. */
    void ended() {
        PendingSends made = pending;
        if (made != null) {
            made.giveRoom();
        }
    }
}
