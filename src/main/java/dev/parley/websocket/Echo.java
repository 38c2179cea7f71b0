package dev.parley.websocket;

import dev.parley.protocol.DisconnectCode;
import dev.parley.security.Limits;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The echo of one session. One send is in flight; what comes meanwhile waits, bounded, in order. A client that sends and
 * never reads is closed as slow: no container holds back its messages (a container thread that waited would), and Tyrus
 * would queue echoes until the heap is full.
 *
 * <p>Any thread may bring a message or a completion. A completion that comes on the sender's own stack does not deepen it:
 * the sender sees it when the send returns, and goes on with the next.
 */
final class Echo {
    private static final System.Logger LOG = System.getLogger(Echo.class.getName());

    /** Bytes that may wait, where it is more than one message. */
    private static final int MOST_WAITING = 256 * 1024;

    private final Session session;
    private final RemoteEndpoint.Async remote;
    private final int messageSize;
    private final Duration sendTimeout;

    private final Queue<Message> waiting = new ArrayDeque<>();
    private long bytesWaiting;
    private boolean sending;
    private boolean watched;
    private boolean closed;
    private long sendingSince;

    /** What is sent back: a String or a ByteBuffer. */
    private record Message(Object content, int bytes) {}

    Echo(Session session, Limits limits) {
        this.session = session;
        this.remote = session.getAsyncRemote();
        this.messageSize = limits.messageSize();
        this.sendTimeout = limits.sendTimeout();
        // Undertow looks at these and not at @OnMessage(maxMessageSize); Tyrus the other way round
        session.setMaxTextMessageBufferSize(messageSize);
        session.setMaxBinaryMessageBufferSize(messageSize);
    }

    void text(String text) {
        boolean surelySmall = text.length() <= messageSize / 3;
        take(new Message(text, surelySmall ? text.length() : text.getBytes(StandardCharsets.UTF_8).length));
    }

    void binary(ByteBuffer bytes) {
        take(new Message(bytes, bytes.remaining()));
    }

    private void take(Message message) {
        if (message.bytes() > messageSize) {
            close(DisconnectCode.TOO_LARGE);
        } else if (!enqueue(message)) {
            close(DisconnectCode.SLOW);
        } else {
            sendFrom(begin());
        }
    }

    private synchronized boolean enqueue(Message message) {
        if (!waiting.isEmpty() && bytesWaiting + message.bytes() > MOST_WAITING) {
            return false;
        }
        waiting.add(message);
        bytesWaiting += message.bytes();
        return true;
    }

    /** Sends on until a send does not complete at once: its completion goes on. */
    private void sendFrom(@Nullable Message first) {
        Message next = first;
        while (next != null) {
            next = send(next) ? next() : null;
        }
    }

    private boolean send(Message message) {
        Sending completion = new Sending();
        try {
            if (message.content() instanceof String text) {
                remote.sendText(text, completion);
            } else {
                remote.sendBinary((ByteBuffer) message.content(), completion);
            }
        } catch (RuntimeException e) { // the session has just closed
            stop();
            return false;
        }
        if (completion.isUnderWay()) {
            watch();
            return false;
        }
        return true;
    }

    private synchronized @Nullable Message begin() {
        return sending ? null : poll();
    }

    private synchronized @Nullable Message next() {
        sending = false;
        return poll();
    }

    private @Nullable Message poll() {
        Message next = closed ? null : waiting.poll();
        if (next != null) {
            sending = true;
            sendingSince = System.nanoTime();
            bytesWaiting -= next.bytes();
        }
        return next;
    }

    private synchronized void stop() {
        closed = true;
        waiting.clear();
        bytesWaiting = 0;
    }

    private void close(DisconnectCode code) {
        stop();
        try {
            session.close(new CloseReason(CloseCodes.getCloseCode(code.code()), code.reason()));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The session was closed already", e);
        }
    }

    /** One look after the send timeout, however many sends there are. */
    private synchronized void watch() {
        if (!watched && !closed) {
            watched = true;
            lookIn(sendTimeout.toNanos());
        }
    }

    private void lookIn(long nanoseconds) {
        CompletableFuture.delayedExecutor(nanoseconds, TimeUnit.NANOSECONDS).execute(this::look);
    }

    private void look() {
        if (isOverdue()) {
            close(DisconnectCode.SLOW);
        }
    }

    private synchronized boolean isOverdue() {
        watched = sending && !closed;
        if (!watched) {
            return false;
        }
        long left = sendTimeout.toNanos() - (System.nanoTime() - sendingSince);
        if (left > 0) {
            lookIn(left);
        }
        return left <= 0;
    }

    /** Who comes second, the sender's return or the completion, goes on sending. */
    private final class Sending implements SendHandler {
        private static final int BOTH = 2;
        private final AtomicInteger came = new AtomicInteger();

        boolean isUnderWay() {
            return came.incrementAndGet() < BOTH;
        }

        @Override
        public void onResult(SendResult result) {
            if (!result.isOK()) {
                stop();
            }
            if (came.incrementAndGet() == BOTH) {
                sendFrom(next());
            }
        }
    }
}
