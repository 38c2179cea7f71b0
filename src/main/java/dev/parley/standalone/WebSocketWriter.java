package dev.parley.standalone;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Writes frames to one client, in order, without ever waiting for it.
 *
 * <p>Tyrus's own writer keeps a queue beside Grizzly's; what waits there when the connection ends is forgotten, so that
 * whoever sent it never hears of it, and its {@code close} stands in the same queue, so that a client that does not read
 * is never closed. Here everything waits in Grizzly's queue, which fails what it cannot send. That queue has no bound:
 * those who send have one send in flight.
 */
final class WebSocketWriter extends Writer {
    private final Connection<SocketAddress> connection;
    private final Runnable whenDone;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closed;

    /** The action runs when Tyrus has nothing more to write, and again when what it wrote has gone out. */
    WebSocketWriter(Connection<SocketAddress> connection, Runnable whenDone) {
        this.connection = connection;
        this.whenDone = whenDone;
        connection.configureBlocking(false);
        connection.setMaxAsyncWriteQueueSize(AsyncQueueWriter.UNLIMITED_SIZE);
    }

    @Override
    public void write(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
        underWay.incrementAndGet();
        Buffer buffer = Buffers.wrap(connection.getTransport().getMemoryManager(), frames);
        connection.write(buffer, new Completion(frames, handler));
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

    /** Tells Tyrus what has become of a write. */
    private final class Completion extends EmptyCompletionHandler<WriteResult<Buffer, SocketAddress>> {
        private final ByteBuffer frames;
        private final CompletionHandler<ByteBuffer> handler;

        private Completion(ByteBuffer frames, CompletionHandler<ByteBuffer> handler) {
            this.frames = frames;
            this.handler = handler;
        }

        @Override
        public void completed(WriteResult<Buffer, SocketAddress> result) {
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
