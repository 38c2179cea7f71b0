package dev.parley.websocket;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.concurrent.DrainLoop;
import dev.parley.concurrent.FailureLog;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The transport that does for every container: each piece of a batch is one message, the next is given when the
 * {@link SendHandler} of the one before was told.
 *
 * <p>What the containers would do wrong by themselves: Tyrus queues what is sent asynchronously without a bound and
 * without a time limit, so a client that does not read fills the heap; here one message is on the way, and the
 * connection's own deadline ends it. Undertow's {@code sendPing} and both containers' {@code close} may wait for the
 * client, so each runs where waiting harms nothing of another kind.
 */
final class WebSocketTransport implements Transport {
    private static final System.Logger LOGGER = System.getLogger(WebSocketTransport.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final Session session;
    private final Executor closing;
    private final Executor pinging;
    private final Runnable abandoned;

    /**
     * @param closing its threads may wait for the session's end
     * @param pinging and its for a ping to leave
     * @param abandoned is told when so many sessions hang in their closing that this one is not closed any more
     */
    WebSocketTransport(Session session, Executor closing, Executor pinging, Runnable abandoned) {
        this.session = session;
        this.closing = closing;
        this.pinging = pinging;
        this.abandoned = abandoned;
    }

    @Override
    public void send(Batch batch, Completion done) {
        new Sequence(batch.pieces(), done).start();
    }

    @Override
    public void ping(Ping told) {
        try {
            pinging.execute(() -> pingNow(told));
        } catch (RejectedExecutionException e) {
            told.notSent();
        }
    }

    private void pingNow(Ping told) {
        told.begun();
        try {
            session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The client is gone", e);
        } finally {
            told.sent();
        }
    }

    @Override
    public void close(DisconnectCode code) {
        try {
            closing.execute(() -> closeNow(code));
        } catch (RejectedExecutionException e) {
            FAILURES.failed("So many sessions hang in their closing that one is given up unclosed", e);
            abandoned.run();
        }
    }

    private void closeNow(DisconnectCode code) {
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), code.reason()));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The client is gone", e);
        }
    }

    private void send(Encoded piece, SendHandler handler) {
        if (piece instanceof Encoded.Text text) {
            session.getAsyncRemote().sendText(text.text(), handler);
        } else if (piece instanceof Encoded.Binary binary) {
            session.getAsyncRemote().sendBinary(binary.bytes().asBuffer(), handler);
        }
    }

    /**
     * The pieces of one batch, one after the other. An endpoint's own form has a piece for each message, hundreds in a
     * batch, and the handler may be told on this stack: so it only tells the loop to go on, as in the connection's
     * writer.
     */
    private final class Sequence implements SendHandler {
        private final List<Encoded> pieces;
        private final Completion done;
        private final DrainLoop loop = new DrainLoop(this::sendNext);

        /** Only touched in the loop. */
        private int next;

        Sequence(List<Encoded> pieces, Completion done) {
            this.pieces = pieces;
            this.done = done;
        }

        void start() {
            loop.drain();
        }

        /** False also when it sent one: the next goes when that was taken. */
        private boolean sendNext() {
            int now = next;
            next = pieces.size() + 1; // none follows one that throws
            if (now < pieces.size()) {
                send(pieces.get(now), this);
                next = now + 1;
            } else if (now == pieces.size()) {
                done.sent();
            }
            return false;
        }

        @Override
        public void onResult(SendResult result) {
            if (!result.isOK()) {
                done.failed(result.getException());
                return;
            }
            try {
                start();
            } catch (RuntimeException | Error e) {
                done.failed(e);
            }
        }
    }
}
