package dev.parley.testing;

import dev.parley.channel.Batch;
import dev.parley.channel.Encoded;
import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client's end of the line that does with each send what the test says. It fails the test that sends while a send is
 * under way. Thread-safe.
 */
public final class ScriptedTransport implements Transport {
    private final List<Batch> batches = new ArrayList<>();
    private Mode mode = Mode.AT_ONCE;
    private Completion underWay;
    private boolean sending;
    private int pings;
    private Optional<DisconnectCode> closed = Optional.empty();
    private Optional<String> fault = Optional.empty();

    /** What becomes of a send. */
    public enum Mode {
        /** Completes on the sender's own stack. */
        AT_ONCE,
        /** Completes when {@link #complete} or {@link #fail} is called. */
        LATER,
        THROWS,
        THROWS_AN_ERROR
    }

    @Override
    public void send(Batch batch, Completion done) {
        synchronized (this) {
            if (underWay != null || sending) {
                fault = Optional.of("a send while one is under way");
            }
            if (closed.isPresent()) {
                fault = Optional.of("a send after the end");
            }
            if (mode == Mode.THROWS) {
                throw new IllegalStateException("as the test wants it");
            }
            if (mode == Mode.THROWS_AN_ERROR) {
                throw new AssertionError("as the test wants it");
            }
            batches.add(batch);
            if (mode == Mode.LATER) {
                underWay = done;
                return;
            }
            sending = true;
        }
        synchronized (this) {
            sending = false;
        }
        done.sent();
    }

    @Override
    public void ping(Ping told) {
        synchronized (this) {
            pings++;
        }
        told.begun();
        told.sent();
    }

    @Override
    public synchronized void close(DisconnectCode code) {
        closed = Optional.of(closed.orElse(code));
        if (mode == Mode.THROWS) {
            throw new IllegalStateException("as the test wants it");
        }
    }

    public synchronized void mode(Mode wanted) {
        mode = wanted;
    }

    /** The send that is under way is taken by the client. */
    public void complete() {
        takeUnderWay().sent();
    }

    /** It is not: the client is gone. */
    public void fail() {
        takeUnderWay().failed(new IllegalStateException("as the test wants it"));
    }

    public synchronized boolean isUnderWay() {
        return underWay != null;
    }

    public synchronized Optional<DisconnectCode> closed() {
        return closed;
    }

    public synchronized int pings() {
        return pings;
    }

    public synchronized List<Batch> batches() {
        return List.copyOf(batches);
    }

    /** What was sent so far, and forgets it. */
    public synchronized List<Encoded> take() {
        fault.ifPresent(text -> {
            throw new AssertionError(text);
        });
        List<Encoded> all = new ArrayList<>();
        batches.forEach(batch -> all.addAll(batch.pieces()));
        batches.clear();
        return all;
    }

    private synchronized Completion takeUnderWay() {
        Completion done = underWay;
        underWay = null;
        return done;
    }
}
