package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContext;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Ends a connection of HTTP in stages (RFC 9112 section 9.6): what is queued goes out, then the server says that it sends
 * nothing more, and what still comes is read and thrown away until the client has closed too. A socket that is closed while
 * there is something to read is reset, and then a client that is still sending a body which was refused, or a proxy in
 * between, loses the answer that says why.
 *
 * <p>No thread waits for it and nothing of what comes is kept. A client of which nothing comes for
 * {@link CloseTimeouts#silence} is cut off, and any client after {@value #LOOKS} times as long or {@value #MOST_BYTES}
 * bytes; whoever takes nothing of its answer, by {@link SlowReaderWatchdog}. Until it is closed the connection counts;
 * one that was let in only to be told that there are too many does not, and has that time once, whatever comes. (nginx
 * waits 5 seconds, 30 in all, Apache httpd 2 and 30, neither counts bytes.)
 */
final class LingeringClose {
    private static final Attribute<Ending> ENDING =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(LingeringClose.class.getName());

    private static final int LOOKS = 5;

    /** For clients that read only once they have sent everything, say a film where there is room for a picture. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final SlowReaderWatchdog watchdog;
    private final Duration silence;
    private final ScheduledExecutorService timer;

    /**
     * @param sendTimeout for how long a client may take nothing of what is queued for it
     * @param silence for how long nothing may come of it
     */
    LingeringClose(Duration sendTimeout, Duration silence, ScheduledExecutorService timer) {
        this.watchdog = new SlowReaderWatchdog(sendTimeout, timer);
        this.silence = silence;
        this.timer = timer;
    }

    /** Whether what comes on it is of no interest any more. */
    static boolean isEnding(Connection<?> connection) {
        return ENDING.isSet(connection);
    }

    /** That closes in this way, where Grizzly closes at once, and is else as Grizzly makes it. */
    HttpContext context(Connection<?> connection, HttpRequestPacket request) {
        return new HttpContext(connection, connection, connection, request) {
            @Override
            public void close() {
                end((NIOConnection) connection);
            }
        };
    }

    /** All of an answer is queued, and the connection may stay. */
    void answered(Connection<?> connection) {
        watchdog.watch((NIOConnection) connection);
    }

    private void end(NIOConnection connection) {
        if (!isEnding(connection)) {
            new Ending(connection).begin();
        }
    }

    /** A connection that is told nothing more than is queued for it. */
    @SuppressWarnings({"rawtypes", "unchecked"}) // as Grizzly declares it
    private final class Ending extends EmptyCompletionHandler<WriteResult>
            implements CloseListener<Closeable, CloseType> {
        private final NIOConnection connection;
        private final AtomicLong came = new AtomicLong();
        private volatile Future<?> looking = CompletableFuture.completedFuture(null);

        // Of the timer's thread.
        private long cameBefore;
        private int looks;

        private Ending(NIOConnection connection) {
            this.connection = connection;
        }

        private void begin() {
            ENDING.set(connection, this);
            connection.addCloseListener(this);
            connection.getTransport().getWriter(connection).write(connection, Buffers.EMPTY_BUFFER, this);
            watchdog.watch(connection);
            try {
                connection.enableIOEvent(IOEvent.READ); // where Grizzly meant to hear nothing more
            } catch (IOException e) {
                connection.terminateSilently();
            }
        }

        /** All has gone out. */
        @Override
        public void completed(WriteResult result) {
            try {
                ((SocketChannel) connection.getChannel()).shutdownOutput();
                looking = GuardedTimer.every(timer, silence, silence, this::look);
                if (!connection.isOpen()) {
                    looking.cancel(false); // nobody else does when it was closed just now
                }
            } catch (IOException | RejectedExecutionException e) { // gone already, or the server stops
                connection.terminateSilently();
            }
        }

        @Override
        public void failed(Throwable cause) {
            connection.terminateSilently();
        }

        private void came(int count) {
            if (came.addAndGet(count) > MOST_BYTES) {
                connection.terminateSilently();
            }
        }

        private void look() {
            long before = cameBefore;
            cameBefore = came.get();
            looks++;
            if (cameBefore == before || looks == LOOKS || !AdmissionFilter.isCounted(connection)) {
                connection.terminateSilently();
            }
        }

        @Override
        public void onClosed(Closeable closed, CloseType type) {
            looking.cancel(false);
        }
    }

    /** Stands before everything that reads, TLS too. */
    static final class Filter extends BaseFilter {
        @Override
        public NextAction handleRead(FilterChainContext ctx) throws IOException {
            Ending ending = ENDING.get(ctx.getConnection());
            if (ending == null) {
                return ctx.getInvokeAction();
            }
            Buffer unread = ctx.getMessage();
            ending.came(unread.remaining());
            unread.tryDispose();
            return ctx.getStopAction();
        }
    }
}
