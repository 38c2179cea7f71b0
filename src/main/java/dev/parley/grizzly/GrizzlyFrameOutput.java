package dev.parley.grizzly;

import dev.parley.connection.Transport;
import dev.parley.frames.FrameOutput;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.asyncqueue.WritableMessage;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.ssl.SSLBaseFilter;
import org.jspecify.annotations.Nullable;

/** A connection of Grizzly's, and its queue, which has no bound. Past the filters where they have nothing to do. */
final class GrizzlyFrameOutput implements FrameOutput {
    private final Connection<SocketAddress> connection;
    private final Way way;
    private final @Nullable DirectWrites direct;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Runnable whenIdle = () -> {};

    GrizzlyFrameOutput(Connection<SocketAddress> connection) {
        this.connection = connection;
        boolean plain = isPlain(connection);
        this.way = plain ? past(connection) : connection::write;
        this.direct = plain && connection instanceof TCPNIOConnection tcp ? new DirectWrites(tcp) : null;
        connection.configureBlocking(false);
        connection.setMaxAsyncWriteQueueSize(AsyncQueueWriter.UNLIMITED_SIZE);
    }

    /** From here to the socket. */
    private interface Way {
        void write(Buffer buffer, CompletionHandler<WriteResult<WritableMessage, SocketAddress>> told);
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

    @Override
    public void write(ByteBuffer frames, Transport.Completion done) {
        DirectWrites straight = direct;
        if (straight == null) {
            queue(frames, done);
            return;
        }
        underWay.incrementAndGet();
        boolean first = straight.enter(frames);
        if (first && straight.write(frames)) {
            finished();
            done.sent();
        } else {
            straight.queue(first, frames, new Told(done));
        }
    }

    @Override
    public void queue(ByteBuffer frames, Transport.Completion done) {
        underWay.incrementAndGet();
        Buffer buffer = Buffers.wrap(connection.getTransport().getMemoryManager(), frames);
        way.write(buffer, new Told(done));
    }

    @Override
    public boolean isIdle() {
        return underWay.get() == 0;
    }

    @Override
    public int waiting() {
        return connection instanceof NIOConnection nio
                ? nio.getAsyncWriteQueue().spaceInBytes()
                : 0;
    }

    /**
     * Linux says that a socket can be written when a third of its buffer is free, which with a client that takes a kilobyte a
     * second is after minutes.
     */
    @Override
    public void nudge() {
        if (connection.isOpen() && connection instanceof NIOConnection nio) {
            NIOTransport transport = (NIOTransport) nio.getTransport();
            transport.getSelectorHandler().execute(nio.getSelectorRunner(), () -> isWritten(nio), null);
        }
    }

    /** As if the selector had selected it for writing: on its thread, and only while nobody else writes. */
    private static boolean isWritten(NIOConnection nio) throws IOException {
        SelectionKey key = nio.getSelectionKey();
        return !key.isValid()
                || (key.interestOps() & SelectionKey.OP_WRITE) == 0
                || nio.getTransport().getIOStrategy().executeIoEvent(nio, IOEvent.WRITE);
    }

    @Override
    public void whenIdle(Runnable told) {
        whenIdle = told;
    }

    @Override
    public void close() {
        connection.closeSilently();
    }

    private void finished() {
        if (underWay.decrementAndGet() == 0) {
            whenIdle.run();
        }
    }

    /** Tells what has become of a write. */
    private final class Told extends EmptyCompletionHandler<WriteResult<WritableMessage, SocketAddress>> {
        private final Transport.Completion done;

        private Told(Transport.Completion done) {
            this.done = done;
        }

        @Override
        public void completed(WriteResult<WritableMessage, SocketAddress> result) {
            finished();
            done.sent();
        }

        @Override
        public void failed(Throwable cause) {
            finished();
            done.failed(cause);
        }

        @Override
        public void cancelled() {
            finished();
            done.failed(new CancellationException());
        }
    }
}
