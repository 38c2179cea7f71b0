package dev.parley.client;

import dev.parley.protocol.Bytes;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message after the other: some WebSocket clients (Tomcat's) refuse a second while the first is under way. Safe
 * for several threads.
 */
final class Sender {
    private static final System.Logger LOGGER = System.getLogger(Sender.class.getName());

    private final Session session;
    private final Runnable broken;
    private final AtomicInteger work = new AtomicInteger();
    private final SendHandler handler = this::sent;

    // Guarded by this.
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private boolean inFlight;

    /** @param broken is told when a send has failed: then nothing more is sent */
    Sender(Session session, Runnable broken) {
        this.session = session;
        this.broken = broken;
    }

    void send(String text) {
        enqueue(text);
    }

    void send(Bytes bytes) {
        enqueue(bytes);
    }

    private void enqueue(Object message) {
        synchronized (this) {
            waiting.add(message);
        }
        pump();
    }

    private void sent(SendResult result) {
        if (!result.isOK()) {
            failed(result.getException());
            return;
        }
        synchronized (this) {
            inFlight = false;
        }
        pump();
    }

    /** In flight for good: so nothing follows what was not sent. */
    private void failed(Throwable reason) {
        LOGGER.log(System.Logger.Level.DEBUG, "The WebSocket is gone", reason);
        broken.run();
    }

    /** A completion that comes before the send returns only makes this loop go on: nothing is nested. */
    private void pump() {
        if (work.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            for (Object next = next(); next != null; next = next()) {
                send(next);
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private synchronized @Nullable Object next() {
        Object next = inFlight ? null : waiting.poll();
        inFlight = inFlight || next != null;
        return next;
    }

    private void send(Object message) {
        try {
            if (message instanceof String text) {
                session.getAsyncRemote().sendText(text, handler);
            } else if (message instanceof Bytes bytes) {
                session.getAsyncRemote().sendBinary(bytes.asBuffer(), handler);
            }
        } catch (RuntimeException e) {
            // a session that has just closed; its client may know it sooner than we are told
            failed(e);
        }
    }
}
