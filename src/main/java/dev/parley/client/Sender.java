package dev.parley.client;

import dev.parley.concurrent.DrainLoop;
import dev.parley.protocol.Bytes;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message after the other: some WebSocket clients (Tomcat's) refuse a second while the first is under way. Safe
 * for several threads.
 */
final class Sender {
    private static final System.Logger LOGGER = System.getLogger(Sender.class.getName());

    private final Session session;
    private final Runnable broken;
    private final DrainLoop loop = new DrainLoop(this::sendNext);
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
        loop.drain();
    }

    private void sent(SendResult result) {
        if (!result.isOK()) {
            failed(result.getException());
            return;
        }
        synchronized (this) {
            inFlight = false;
        }
        loop.drain();
    }

    /** In flight for good: so nothing follows what was not sent. */
    private void failed(Throwable reason) {
        LOGGER.log(System.Logger.Level.DEBUG, "The WebSocket is gone", reason);
        broken.run();
    }

    private boolean sendNext() {
        Object next = next();
        if (next != null) {
            send(next);
        }
        return next != null;
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
        } catch (RuntimeException | Error e) {
            // A session that has just closed; its client may know it sooner than we are told. Tyrus throws an Error
            // where a
            // text has no UTF-8 form.
            failed(e);
        }
    }
}
