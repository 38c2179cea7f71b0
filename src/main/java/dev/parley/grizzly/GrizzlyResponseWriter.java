package dev.parley.grizzly;

import dev.parley.connection.Transport;
import dev.parley.http.ResponseWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;
import org.glassfish.grizzly.utils.DelayedExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a suspended response of Grizzly, past its output buffer: that one keeps all that HTTP/1.0 is told (as a
 * proxy speaks it) until the answer's end, and says when there is room for more, not when what was written has gone. It
 * holds no thread.
 *
 * <p>When the answer is over, Grizzly uses the response for other requests: nothing here touches it then.
 */
final class GrizzlyResponseWriter implements ResponseWriter {
    private final Response response;
    private final HttpResponsePacket packet;
    private final FilterChainContext context;
    private final Connection<?> connection;
    private final LingeringClose close;

    // Guarded by this.
    private @Nullable Runnable gone;
    private boolean hasGone;
    private boolean over;
    private boolean begun;
    private boolean streams;
    private @Nullable DisconnectWatch watch;

    private GrizzlyResponseWriter(Response response, LingeringClose close) {
        this.response = response;
        this.close = close;
        this.packet = response.getResponse();
        this.context = response.getRequest().getContext();
        this.connection = context.getConnection();
    }

    /** Of a request that is just being handled, on this thread. */
    static GrizzlyResponseWriter to(Response response, LingeringClose close) {
        GrizzlyResponseWriter answer = new GrizzlyResponseWriter(response, close);
        // One write is under way, however large
        answer.connection.setMaxAsyncWriteQueueSize(AsyncQueueWriter.UNLIMITED_SIZE);
        response.suspend(DelayedExecutor.UNSET_TIMEOUT, TimeUnit.MILLISECONDS, new EmptyCompletionHandler<>() {
            @Override
            public void cancelled() {
                answer.gone();
            }
        });
        return answer;
    }

    /** From now on, if it is not over yet, it is seen when the client goes. Called once, when the handler is done. */
    void watch() {
        synchronized (this) {
            if (over || (begun && !streams)) {
                return;
            }
            watch = DisconnectWatch.begin(connection);
        }
    }

    @Override
    public void begin(int status, Map<String, String> headers, long length) {
        synchronized (this) {
            if (over) {
                return;
            }
            begun = true;
            streams = length == UNKNOWN;
            response.setStatus(status);
            headers.forEach(response::setHeader);
            if (!streams) {
                response.setContentLengthLong(length);
            } else {
                // What the client has sent meanwhile is not read
                response.setHeader(Header.Connection, "close");
            }
        }
    }

    @Override
    public void write(List<ByteBuffer> pieces, Transport.Completion taken) {
        DisconnectWatch watching;
        synchronized (this) {
            watching = streams ? null : watch;
            watch = streams ? watch : null;
        }
        if (watching == null) {
            writeNow(pieces, taken);
        } else {
            watching.end(wasQuiet -> {
                if (!wasQuiet) {
                    closeAfterwards();
                }
                writeNow(pieces, taken);
            });
        }
    }

    /** The client has sent what nobody read; it repeats what is not answered (RFC 9112 section 9.3.2). */
    private synchronized void closeAfterwards() {
        if (!over) {
            response.setHeader(Header.Connection, "close");
        }
    }

    private void writeNow(List<ByteBuffer> pieces, Transport.Completion taken) {
        boolean isOver;
        synchronized (this) {
            isOver = over;
            if (!isOver && !isHeadAlone()) {
                HttpContent content =
                        HttpContent.builder(packet).content(joined(pieces)).build();
                boolean isHead = !content.getContent().hasRemaining();
                context.write(content, new WriteCompletion(taken));
                if (isHead) {
                    close.answered(connection); // nobody else looks whether it is taken
                }
                return;
            }
        }
        if (isOver) {
            taken.failed(new IllegalStateException("The answer is over."));
        } else {
            taken.sent();
        }
    }

    /** All of the answer to a HEAD has been written: of what is no octet of it Grizzly would never say that it went. */
    private boolean isHeadAlone() {
        return packet.isCommitted() && Method.HEAD.equals(packet.getRequest().getMethod());
    }

    private Buffer joined(List<ByteBuffer> pieces) {
        MemoryManager<?> memory = context.getMemoryManager();
        Buffer all = Buffers.wrap(memory, pieces.get(0));
        for (ByteBuffer piece : pieces.subList(1, pieces.size())) {
            all = Buffers.appendBuffers(memory, all, Buffers.wrap(memory, piece));
        }
        return all;
    }

    @Override
    public void end() {
        boolean isWatched;
        synchronized (this) {
            if (over) {
                return;
            }
            isWatched = watch != null && !streams;
            over = !isWatched;
        }
        if (!isWatched) {
            endNow();
        } else {
            // It has no body. A write ends the watch, which else would swallow the next request
            write(List.of(ByteBuffer.allocate(0)), new Transport.Completion() {
                @Override
                public void sent() {
                    end();
                }

                @Override
                public void failed(Throwable reason) {
                    cut();
                }
            });
        }
    }

    private void endNow() {
        try {
            // Further requests of the connection may follow on the thread that this is done on
            connection.getTransport().getWorkerThreadPool().execute(this::resume);
        } catch (RejectedExecutionException e) {
            connection.closeSilently();
        }
    }

    private void resume() {
        if (((Response.SuspendedContextImpl) response.getSuspendContext()).markResumed()) {
            context.resume();
        }
    }

    @Override
    public void cut() {
        synchronized (this) {
            over = true;
        }
        connection.terminateSilently(); // to close would wait until all that is queued is taken
    }

    @Override
    public void whenGone(Runnable told) {
        synchronized (this) {
            if (!hasGone) {
                gone = told;
                return;
            }
        }
        told.run();
    }

    private void gone() {
        Runnable told;
        synchronized (this) {
            if (hasGone) {
                return;
            }
            hasGone = true;
            over = true;
            told = gone;
        }
        if (told != null) {
            told.run();
        }
    }

    /** What became of a write. */
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    private static final class WriteCompletion extends EmptyCompletionHandler<WriteResult> {
        private final Transport.Completion taken;

        private WriteCompletion(Transport.Completion taken) {
            this.taken = taken;
        }

        @Override
        public void completed(WriteResult result) {
            taken.sent();
        }

        @Override
        public void failed(Throwable cause) {
            taken.failed(cause);
        }

        @Override
        public void cancelled() {
            taken.failed(new IllegalStateException("The connection is closed."));
        }
    }
}
