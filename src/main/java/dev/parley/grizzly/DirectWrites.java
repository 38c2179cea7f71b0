package dev.parley.grizzly;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.AsyncWriteQueueRecord;
import org.glassfish.grizzly.asyncqueue.TaskQueue;
import org.glassfish.grizzly.asyncqueue.WritableMessage;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * Writes from the caller's thread to a client's socket, in its turn among the writes of Grizzly's queue, and without the
 * objects that the queue makes of each. Nearly always nothing waits, and the socket takes all.
 *
 * <p>The queue counts the bytes that are under way: who adds the first of them may write, and all others line up behind.
 * What the socket does not take goes to the head of the queue, which sends it, or finds out that the client is gone.
 */
final class DirectWrites {
    private final TCPNIOConnection connection;
    private final SocketChannel socket;
    private final TaskQueue<AsyncWriteQueueRecord> queue;

    DirectWrites(TCPNIOConnection connection) {
        this.connection = connection;
        this.socket = (SocketChannel) connection.getChannel();
        this.queue = connection.getAsyncWriteQueue();
    }

    /**
     * Takes a place for these frames. True when it is the first: then they may be {@link #write written}; else they
     * {@link #queue wait}.
     */
    boolean enter(ByteBuffer frames) {
        int size = frames.remaining();
        return queue.reserveSpace(size) == size;
    }

    /**
     * Writes what the socket takes. True when that is all, and the place is given back; else the rest must
     * {@link #queue wait}.
     */
    boolean write(ByteBuffer frames) {
        int size = frames.remaining();
        try {
            socket.write(frames);
        } catch (IOException e) {
            // The same comes again to the queue, which then ends the connection.
            return false;
        }
        boolean othersWait = queue.releaseSpaceAndNotify(size - frames.remaining()) > frames.remaining();
        if (frames.hasRemaining()) {
            return false;
        }
        if (othersWait) {
            tell(() -> connection.simulateIOEvent(IOEvent.WRITE));
        }
        return true;
    }

    /** @param first whether their place is the first, so that they go before what has lined up meanwhile */
    void queue(boolean first, ByteBuffer frames, CompletionHandler<WriteResult<WritableMessage, SocketAddress>> told) {
        AsyncWriteQueueRecord waiting = AsyncWriteQueueRecord.create(
                connection, Buffers.wrap(connection.getMemoryManager(), frames), told, null, null, false);
        if (first) {
            queue.setCurrentElement(waiting);
            tell(() -> connection.enableIOEvent(IOEvent.WRITE));
        } else {
            queue.offer(waiting);
        }
    }

    /** What waits fails with the connection. */
    private void tell(Telling selector) {
        try {
            selector.tell();
        } catch (IOException e) {
            connection.terminateWithReason(e);
        }
    }

    private interface Telling {
        void tell() throws IOException;
    }
}
