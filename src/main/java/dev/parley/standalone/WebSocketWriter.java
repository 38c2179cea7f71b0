package dev.parley.standalone;

import dev.parley.connection.Transport;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.asyncqueue.WritableMessage;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.ssl.SSLBaseFilter;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames to one client, in order, without ever waiting for it.
 *
 * <p>Tyrus's own writer keeps a queue beside Grizzly's; what waits there when the connection ends is forgotten, so that
 * whoever sent it never hears of it, and its {@code close} stands in the same queue, so that a client that does not read
 * is never closed. Here everything waits in Grizzly's queue, which fails what it cannot send. That queue has no bound:
 * those who send have one send in flight.
 */
final class WebSocketWriter extends Writer {
    private static final ThreadLocal<@Nullable WebSocketWriter> OPENING = new ThreadLocal<>();
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x08;
    private static final int PONG = 0x0a;

    private final Connection<SocketAddress> connection;
    private final Way way;
    private final @Nullable DirectWrites direct;
    private final boolean compressing;
    private final Runnable whenDone;
    private final Runnable whenPongGone;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger pongsUnderWay = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean farewell;
    private volatile @Nullable Thread reader;

    /** Used by the reader alone. */
    private @Nullable Runnable later;

    private volatile long heardAt = System.nanoTime();

    /**
     * @param compressing whether the client takes compressed messages
     * @param whenDone runs when Tyrus has nothing more to write, and again when what it wrote has gone out
     * @param whenPongGone runs when a pong has gone out
     */
    WebSocketWriter(
            Connection<SocketAddress> connection, boolean compressing, Runnable whenDone, Runnable whenPongGone) {
        this.connection = connection;
        boolean plain = isPlain(connection);
        this.way = plain ? past(connection) : connection::write;
        this.direct = plain && connection instanceof TCPNIOConnection tcp ? new DirectWrites(tcp) : null;
        this.compressing = compressing;
        this.whenDone = whenDone;
        this.whenPongGone = whenPongGone;
        connection.configureBlocking(false);
        connection.setMaxAsyncWriteQueueSize(AsyncQueueWriter.UNLIMITED_SIZE);
    }

    /** From here to the socket. */
    private interface Way {
        void write(
                Buffer buffer,
                org.glassfish.grizzly.CompletionHandler<WriteResult<WritableMessage, SocketAddress>> told);
    }

    /** Whether the filters have nothing to do with a frame; that of TLS has. */
    private static boolean isPlain(Connection<SocketAddress> connection) {
        return connection.getTransport() instanceof TCPNIOTransport
                && connection.getProcessor() instanceof FilterChain filters
                && filters.indexOfType(SSLBaseFilter.class) < 0;
    }

    private static Way past(Connection<SocketAddress> connection) {
        var queue =
                ((TCPNIOTransport) connection.getTransport()).getAsyncQueueIO().getWriter();
        return (buffer, told) -> queue.write(connection, buffer, told);
    }

    /** Opens a session, which may ask meanwhile for its writer. */
    <T> T opening(Supplier<T> session) {
        OPENING.set(this);
        try {
            return session.get();
        } finally {
            OPENING.remove();
        }
    }

    /** Of the session that is being opened on this thread. */
    static Optional<WebSocketWriter> opening() {
        return Optional.ofNullable(OPENING.get());
    }

    @Override
    public void write(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
        int opcode = frames.get(frames.position()) & OPCODE;
        farewell |= opcode == CLOSE;
        if (opcode == PONG) {
            pongsUnderWay.incrementAndGet();
            enqueue(frames, new PongGone(handler));
        } else {
            enqueue(compressing ? Deflate.frame(frames) : frames, handler);
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
        DirectWrites straight = direct;
        if (straight == null) {
            enqueue(frames, new Told(done));
        } else if (sendDirectly(straight, frames, done)) {
            done.sent();
        }
    }

    /** False when they wait, or a part of them: then {@code done} is told when they have gone out. */
    private boolean sendDirectly(DirectWrites straight, ByteBuffer frames, Transport.Completion done) {
        underWay.incrementAndGet();
        boolean first = straight.enter(frames);
        if (first && straight.write(frames)) {
            finished();
            return true;
        }
        straight.queue(first, frames, new Completion(frames, new Told(done)));
        return false;
    }

    private void enqueue(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
        underWay.incrementAndGet();
        Buffer buffer = Buffers.wrap(connection.getTransport().getMemoryManager(), frames);
        way.write(buffer, new Completion(frames, handler));
    }

    /** Bytes of the client have come. What they bring about on this thread is sent when all of them are read. */
    void reading(Runnable read) {
        heardAt = System.nanoTime();
        reader = Thread.currentThread();
        try {
            read.run();
        } finally {
            reader = null;
            sendNow();
        }
    }

    /** What was to be sent later, such as before an answer to what the client sent behind that. */
    void sendNow() {
        Runnable due = later;
        later = null;
        if (due != null) {
            due.run();
        }
    }

    /** Remembers it, where the client's bytes are being read on this thread. */
    boolean isSendingLater(Runnable sending) {
        boolean reading = reader == Thread.currentThread();
        if (reading) {
            later = sending;
        }
        return reading;
    }

    /** When bytes of the client last came, as {@link System#nanoTime}, if that is later than is known. */
    long heardAt(long known) {
        long heard = heardAt;
        return heard - known > 0 ? heard : known;
    }

    @Override
    public void close() {
        closed = true;
        whenDone.run();
    }

    /** Whether Tyrus has nothing more to write and all it wrote has gone out. */
    boolean isDone() {
        return closed && underWay.get() == 0;
    }

    private void finished() {
        if (underWay.decrementAndGet() == 0 && closed) {
            whenDone.run();
        }
    }

    /** Whether a pong is written and has not gone out, since the client does not read. */
    boolean isPongUnderWay() {
        return pongsUnderWay.get() > 0;
    }

    /** Tells that a pong has gone out, beside Tyrus. */
    private final class PongGone extends CompletionHandler<ByteBuffer> {
        private final CompletionHandler<ByteBuffer> tyrus;

        private PongGone(CompletionHandler<ByteBuffer> tyrus) {
            this.tyrus = tyrus;
        }

        @Override
        public void completed(ByteBuffer frames) {
            pongsUnderWay.decrementAndGet();
            tyrus.completed(frames);
            whenPongGone.run();
        }

        @Override
        public void failed(Throwable cause) {
            pongsUnderWay.decrementAndGet();
            tyrus.failed(cause);
        }

        @Override
        public void cancelled() {
            pongsUnderWay.decrementAndGet();
            tyrus.cancelled();
        }
    }

    /** Tells a transport what has become of its frames. */
    private static final class Told extends CompletionHandler<ByteBuffer> {
        private final Transport.Completion done;

        private Told(Transport.Completion done) {
            this.done = done;
        }

        @Override
        public void completed(ByteBuffer frames) {
            done.sent();
        }

        @Override
        public void failed(Throwable cause) {
            done.failed(cause);
        }

        @Override
        public void cancelled() {
            done.failed(new CancellationException());
        }
    }

    /** Tells what has become of a write. */
    private final class Completion extends EmptyCompletionHandler<WriteResult<WritableMessage, SocketAddress>> {
        private final ByteBuffer frames;
        private final CompletionHandler<ByteBuffer> handler;

        private Completion(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
            this.frames = frames;
            this.handler = handler;
        }

        @Override
        public void completed(WriteResult<WritableMessage, SocketAddress> result) {
            finished();
            handler.completed(frames);
        }

        @Override
        public void failed(Throwable cause) {
            finished();
            handler.failed(cause);
        }

        @Override
        public void cancelled() {
            finished();
            handler.cancelled();
        }
    }
}
