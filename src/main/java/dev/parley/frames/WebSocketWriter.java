package dev.parley.frames;

import dev.parley.connection.Transport;
import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;
import org.glassfish.tyrus.spi.WriterInfo;

/**
 * Writes frames to one client, in order, without ever waiting for it: those that Tyrus makes, and those of batches.
 *
 * <p>Tyrus's own writer keeps a queue of its own; what waits there when the connection ends is forgotten, so that whoever
 * sent it never hears of it, and its {@code close} stands in the same queue, so that a client that does not read is never
 * closed. Here everything waits in the {@link FrameOutput}, which fails what it cannot send. That has no bound: who sends
 * batches has one in flight, and what endpoints send by themselves is bounded by {@link PendingSends}.
 */
final class WebSocketWriter extends Writer {
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x08;
    private static final int CONTROL = 0x08;
    private static final int PONG = 0x0a;

    private final FrameOutput output;
    private final EndpointSends sends;
    private final boolean compressing;
    private final Runnable whenDone;
    private final Runnable whenPongGone;
    private final AtomicInteger pongsUnderWay = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean farewell;
    private volatile boolean givenUp;
    private volatile Duration asyncLimit = Duration.ZERO;

    /**
     * @param sends what waits of what the endpoint sends by itself
     * @param compressing whether the client takes compressed messages
     * @param whenDone runs when Tyrus has nothing more to write, and again when what it wrote has gone out
     * @param whenPongGone runs when a pong has gone out
     */
    WebSocketWriter(
            FrameOutput output, EndpointSends sends, boolean compressing, Runnable whenDone, Runnable whenPongGone) {
        this.output = output;
        this.sends = sends;
        this.compressing = compressing;
        this.whenDone = whenDone;
        this.whenPongGone = whenPongGone;
        output.whenIdle(this::idle);
    }

    @Override
    public void write(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
        write(frames, handler, PendingSends.COPIES, Duration.ZERO);
    }

    @Override
    public void write(ByteBuffer frames, CompletionHandler<ByteBuffer> handler, WriterInfo info) {
        boolean async = info.getRemoteEndpointType() == WriterInfo.RemoteEndpointType.ASYNC;
        boolean raw = info.getRemoteEndpointType() == WriterInfo.RemoteEndpointType.BROADCAST;
        write(frames, handler, raw ? 1 : PendingSends.COPIES, async ? asyncLimit : Duration.ZERO);
    }

    private void write(ByteBuffer frames, CompletionHandler<ByteBuffer> handler, int copies, Duration limit) {
        int opcode = frames.get(frames.position()) & OPCODE;
        if (opcode == CLOSE) {
            farewell(frames, handler);
        } else if (opcode == PONG) {
            pongsUnderWay.incrementAndGet();
            sends.send(frames, new PongCompletion(new TyrusTold(frames, handler)), false, copies, limit);
        } else {
            ByteBuffer written = compressing ? Deflate.frame(frames) : frames;
            sends.send(written, new TyrusTold(written, handler), (opcode & CONTROL) == 0, copies, limit);
        }
    }

    private void farewell(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
        farewell = true;
        if (givenUp) { // another close frame has gone before
            handler.completed(frames);
        } else {
            output.queue(frames, new TyrusTold(frames, handler));
        }
    }

    /** Whether all that comes fails, since the client does not take what it is sent. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** After so long who has sent something without waiting for it is told that it was not sent; zero is never. */
    void limitAsyncSends(Duration limit) {
        asyncLimit = limit;
    }

    /** Fails all that waits and all that comes, and says farewell, unless Tyrus has. False where this was done before. */
    boolean giveUp(DisconnectCode code) {
        synchronized (this) {
            if (givenUp) {
                return false;
            }
            givenUp = true;
        }
        sends.giveUp();
        if (!farewell) {
            farewell = true;
            output.queue(closeFrame(code), new Transport.Completion() {
                @Override
                public void sent() {}

                @Override
                public void failed(Throwable cause) {}
            });
        }
        whenDone.run();
        return true;
    }

    private static ByteBuffer closeFrame(DisconnectCode code) {
        byte[] reason = code.reason().getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(Frames.MOST_HEADER + Short.BYTES + reason.length);
        Frames.header(frame, Frames.CLOSE, Short.BYTES + reason.length);
        return frame.putShort((short) code.code()).put(reason).flip();
    }

    boolean isCompressing() {
        return compressing;
    }

    /** Writes whole frames that Tyrus has not made, unless it has said farewell: nothing may follow a close frame. */
    void send(ByteBuffer frames, Transport.Completion done) {
        if (farewell || closed) {
            throw new IllegalStateException("The connection is closing");
        }
        sends.written(frames.remaining());
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
