package dev.parley.frames;

import dev.parley.connection.Transport;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Writes frames to one client, in order, without ever waiting for it: those that Tyrus makes, and those of batches.
 *
 * <p>Tyrus's own writer keeps a queue of its own; what waits there when the connection ends is forgotten, so that whoever
 * sent it never hears of it, and its {@code close} stands in the same queue, so that a client that does not read is never
 * closed. Here everything waits in the {@link FrameOutput}, which fails what it cannot send. That has no bound: those who
 * send have one send in flight.
 */
final class WebSocketWriter extends Writer {
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x08;
    private static final int PONG = 0x0a;

    private final FrameOutput output;
    private final boolean compressing;
    private final Runnable whenDone;
    private final Runnable whenPongGone;
    private final AtomicInteger pongsUnderWay = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean farewell;

    /**
     * @param compressing whether the client takes compressed messages
     * @param whenDone runs when Tyrus has nothing more to write, and again when what it wrote has gone out
     * @param whenPongGone runs when a pong has gone out
     */
    WebSocketWriter(FrameOutput output, boolean compressing, Runnable whenDone, Runnable whenPongGone) {
        this.output = output;
        this.compressing = compressing;
        this.whenDone = whenDone;
        this.whenPongGone = whenPongGone;
        output.whenIdle(this::idle);
    }

    @Override
    public void write(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
        int opcode = frames.get(frames.position()) & OPCODE;
        farewell |= opcode == CLOSE;
        if (opcode == PONG) {
            pongsUnderWay.incrementAndGet();
            output.queue(frames, new PongCompletion(new TyrusTold(frames, handler)));
        } else {
            ByteBuffer written = compressing ? Deflate.frame(frames) : frames;
            output.queue(written, new TyrusTold(written, handler));
        }
    }

    boolean isCompressing() {
        return compressing;
    }

    /** Writes whole frames that Tyrus has not made, unless it has said farewell: nothing may follow a close frame. */
    void send(ByteBuffer frames, Transport.Completion done) {
        if (farewell || closed) {
            throw new IllegalStateException("The connection is closing");
        }
        output.write(frames, done);
    }

    @Override
    public void close() {
        closed = true;
        whenDone.run();
    }

    /** Whether Tyrus has nothing more to write and all it wrote has gone out. */
    boolean isDone() {
        return closed && output.isIdle();
    }

    private void idle() {
        if (closed) {
            whenDone.run();
        }
    }

    /** Whether a pong is written and has not gone out, since the client does not read. */
    boolean isPongUnderWay() {
        return pongsUnderWay.get() > 0;
    }

    /** Tells Tyrus what has become of its frames. */
    private record TyrusTold(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) implements Transport.Completion {
        @Override
        public void sent() {
            handler.completed(frames);
        }

        @Override
        public void failed(Throwable cause) {
            handler.failed(cause);
        }
    }

    /** Tells that a pong has gone out, beside Tyrus. */
    private final class PongCompletion implements Transport.Completion {
        private final Transport.Completion tyrus;

        private PongCompletion(Transport.Completion tyrus) {
            this.tyrus = tyrus;
        }

        @Override
        public void sent() {
            pongsUnderWay.decrementAndGet();
            tyrus.sent();
            whenPongGone.run();
        }

        @Override
        public void failed(Throwable cause) {
            pongsUnderWay.decrementAndGet();
            tyrus.failed(cause);
        }
    }
}
