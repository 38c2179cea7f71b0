package dev.parley.websocket;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.concurrent.DrainLoop;
import dev.parley.connection.Connections;
import dev.parley.connection.Transport;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.DisconnectCode;
import dev.parley.security.ConnectionPermit;
import dev.parley.security.Limits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The echo of one session. One send is in flight; what comes meanwhile waits, bounded, in order, and leaves together. A
 * client that sends and never reads is closed as slow: no container holds back its messages (a container thread that
 * waited would), and Tyrus would queue echoes until the heap is full.
 *
 * <p>Any thread may bring a message or a completion. A completion that comes on the sender's own stack only tells the
 * sender to go on, and does not deepen it.
 */
final class EchoSession implements Transport.Completion {
    /** Bytes that may wait, where it is more than one message. */
    private static final int MOST_WAITING = 256 * 1024;

    private final Connections connections;
    private final Transport transport;
    private final ConnectionPermit permit;
    private final int messageSize;
    private final int batchSize;
    private final Duration sendTimeout;
    private final DrainLoop loop = new DrainLoop(this::sendNext);
    private final Runnable sending = loop::drain;

    // Guarded by this.
    private final Queue<Encoded> waiting = new ArrayDeque<>(4);
    private long bytesWaiting;
    private boolean inFlight;
    private boolean watched;
    private boolean closed;
    private long sendingSince;

    /** @param permit is released when the session has closed */
    EchoSession(Transport transport, Connections connections, ConnectionPermit permit) {
        Limits limits = connections.limits();
        this.connections = connections;
        this.permit = permit;
        this.transport = transport;
        this.messageSize = limits.messageSize();
        this.batchSize = limits.batchSize();
        this.sendTimeout = limits.sendTimeout();
    }

    void text(String text) {
        take(Encoded.Text.of(text));
    }

    void binary(ByteBuffer bytes) {
        take(new Encoded.Binary(Bytes.copyOf(bytes)));
    }

    @Override
    public void sent() {
        synchronized (this) {
            inFlight = false;
        }
        loop.drain();
    }

    /** The session has just closed. */
    @Override
    public void failed(Throwable reason) {
        stop();
    }

    /** The container says that the session has closed. */
    void onClose() {
        stop();
        permit.release();
    }

    private void take(Encoded message) {
        if (message.size() > messageSize) {
            close(DisconnectCode.TOO_LARGE);
        } else if (!enqueue(message) && !enqueueBehindOthers(message)) {
            close(DisconnectCode.SLOW);
        } else if (isFull() || !transport.isSendingLater(sending)) {
            loop.drain();
        }
    }

    private synchronized boolean enqueue(Encoded message) {
        if (!waiting.isEmpty() && bytesWaiting + message.size() > MOST_WAITING) {
            return false;
        }
        waiting.add(message);
        bytesWaiting += message.size();
        return true;
    }

    /** What waits may do so only because more of what the client sent is just being read. */
    private boolean enqueueBehindOthers(Encoded message) {
        loop.drain();
        return enqueue(message);
    }

    private synchronized boolean isFull() {
        return bytesWaiting >= batchSize;
    }

    private boolean sendNext() {
        Batch batch = next();
        if (batch != null) {
            send(batch);
        }
        return batch != null;
    }

    private void send(Batch batch) {
        try {
            transport.send(batch, this);
            watch();
        } catch (RuntimeException e) { // the session has just closed
            stop();
        } catch (Error e) { // it has not, perhaps, and the client would wait for what never comes
            close(DisconnectCode.INTERNAL);
            throw e;
        }
    }

    /** As many as fill a batch, and one at least. */
    private synchronized @Nullable Batch next() {
        if (inFlight || closed || waiting.isEmpty()) {
            return null;
        }
        List<Encoded> pieces = new ArrayList<>(waiting.size());
        int size = 0;
        Encoded next = waiting.peek();
        while (next != null && (size == 0 || size + next.size() <= batchSize)) {
            pieces.add(waiting.remove());
            size += next.size();
            next = waiting.peek();
        }
        bytesWaiting -= size;
        inFlight = true;
        sendingSince = System.nanoTime();
        return new Batch(pieces, 0, size);
    }

    private synchronized void stop() {
        closed = true;
        waiting.clear();
        bytesWaiting = 0;
    }

    /** Ends the session. */
    void close(DisconnectCode code) {
        stop();
        transport.close(code);
    }

    /** One look after the send timeout, however many sends there are. */
    private synchronized void watch() {
        if (inFlight && !watched && !closed) {
            watched = true;
            lookIn(sendTimeout.toNanos());
        }
    }

    private void lookIn(long nanoseconds) {
        Future<?> unused = connections.after(Duration.ofNanos(nanoseconds), this::look);
    }

    private void look() {
        if (isOverdue()) {
            close(DisconnectCode.SLOW);
        }
    }

    private synchronized boolean isOverdue() {
        watched = inFlight && !closed;
        if (!watched) {
            return false;
        }
        long left = sendTimeout.toNanos() - (System.nanoTime() - sendingSince);
        if (left > 0) {
            lookIn(left);
        }
        return left <= 0;
    }
}
