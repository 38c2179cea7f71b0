package dev.parley.http;

import dev.parley.concurrent.DrainLoop;
import dev.parley.connection.Connections;
import dev.parley.connection.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends a body that is known whole, a piece when the one before was taken; whoever does not take a piece within the time
 * for a send ({@code parley.limits.send-timeout}) is cut off. No thread waits.
 */
final class BodySender implements Transport.Completion {
    private static final int PIECE = 64 * 1024;

    private final ResponseWriter response;
    private final ByteBuffer rest;
    private final Connections connections;
    private final Runnable over;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final DrainLoop loop = new DrainLoop(this::sendPiece);
    private volatile Future<?> deadline = CompletableFuture.completedFuture(null);

    /**
     * @param response has begun
     * @param over is told once, when nothing more will be sent
     */
    BodySender(ResponseWriter response, ByteBuffer body, Connections connections, Runnable over) {
        this.response = response;
        this.rest = body;
        this.connections = connections;
        this.over = over;
    }

    void start() {
        response.whenGone(this::finish);
        loop.drain();
    }

    /** Told on the sender's stack, perhaps: so it only tells the loop to go on. */
    @Override
    public void sent() {
        loop.drain();
    }

    /** False also when it sent one: the next goes when that was taken. */
    private boolean sendPiece() {
        deadline.cancel(false);
        if (!rest.hasRemaining()) {
            finish();
            response.end();
            return false;
        }
        ByteBuffer piece = rest.slice(rest.position(), Math.min(PIECE, rest.remaining()));
        rest.position(rest.position() + piece.remaining());
        deadline = connections.after(connections.limits().sendTimeout(), () -> failed(new IllegalStateException()));
        response.write(List.of(piece), this);
        return false;
    }

    @Override
    public void failed(Throwable reason) {
        finish();
        response.cut();
    }

    private void finish() {
        deadline.cancel(false);
        if (ended.compareAndSet(false, true)) {
            over.run();
        }
    }
}
