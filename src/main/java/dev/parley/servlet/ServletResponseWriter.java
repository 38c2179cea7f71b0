package dev.parley.servlet;

import dev.parley.concurrent.DrainLoop;
import dev.parley.connection.Transport;
import dev.parley.http.ResponseWriter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response by Servlet's asynchronous writing: a piece at a time, and none before the container says that it
 * can take more (Servlet 6.0, section 3.7). What it has taken may still be in its own buffer, which is why each write
 * ends in a flush, and is done when the container can take more after that.
 */
final class ServletResponseWriter implements ResponseWriter, WriteListener, AsyncListener {
    private static final int PIECE = 16 * 1024;
    private static final System.Logger LOGGER = System.getLogger(ServletResponseWriter.class.getName());

    private final AsyncContext context;
    private final HttpServletResponse response;
    private final DrainLoop loop = new DrainLoop(this::writeSome);

    // Guarded by this.
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>(4);
    private Transport.@Nullable Completion taken;
    private boolean flushes;
    private boolean ends;
    private boolean over;
    private boolean hasGone;
    private @Nullable Runnable gone;

    // Only touched in the loop.
    private @Nullable ServletOutputStream out;

    private ServletResponseWriter(AsyncContext context, HttpServletResponse response) {
        this.context = context;
        this.response = response;
    }

    /** Of a request that is just being handled, on this thread. */
    static ServletResponseWriter to(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync(request, response);
        context.setTimeout(0);
        ServletResponseWriter answer = new ServletResponseWriter(context, response);
        context.addListener(answer);
        return answer;
    }

    @Override
    public synchronized void begin(int status, Map<String, String> headers, long length) {
        if (over) {
            return;
        }
        response.setStatus(status);
        headers.forEach(response::setHeader);
        if (length != UNKNOWN) {
            response.setContentLengthLong(length);
        }
    }

    @Override
    public void write(List<ByteBuffer> pieces, Transport.Completion told) {
        boolean late;
        synchronized (this) {
            late = over;
            if (!late) {
                waiting.addAll(pieces);
                taken = told;
                flushes = true;
            }
        }
        if (late) {
            told.failed(new IOException("The answer is over."));
        } else {
            loop.drain();
        }
    }

    @Override
    public void end() {
        synchronized (this) {
            ends = true;
        }
        loop.drain();
    }

    @Override
    public void onWritePossible() {
        loop.drain();
    }

    private boolean writeSome() {
        try {
            goOn();
        } catch (IOException | RuntimeException e) {
            onError(e);
        }
        return false;
    }

    private void goOn() throws IOException {
        if (isOver()) {
            return;
        }
        if (out == null) {
            if (!hasSomething()) {
                complete();
                return;
            }
            out = response.getOutputStream();
            // The container says by itself when it can take the first
            out.setWriteListener(this);
            return;
        }
        while (out.isReady()) {
            ByteBuffer piece = piece();
            if (piece != null) {
                byte[] bytes = new byte[Math.min(PIECE, piece.remaining())];
                piece.get(bytes);
                out.write(bytes);
            } else if (isFlushDue()) {
                out.flush();
            } else {
                Transport.Completion told = told();
                if (told == null) {
                    complete();
                    return;
                }
                told.sent();
            }
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized boolean hasSomething() {
        return taken != null;
    }

    private synchronized @Nullable ByteBuffer piece() {
        while (!waiting.isEmpty() && !waiting.peek().hasRemaining()) {
            waiting.remove();
        }
        return waiting.peek();
    }

    private synchronized boolean isFlushDue() {
        boolean due = flushes;
        flushes = false;
        return due;
    }

    private synchronized Transport.@Nullable Completion told() {
        Transport.Completion told = taken;
        taken = null;
        return told;
    }

    private void complete() {
        synchronized (this) {
            if (!ends || over) {
                return;
            }
            over = true;
        }
        context.complete();
    }

    /**
     * Servlet has no way to cut a connection: an answer that ends before its declared length the container cuts itself.
     */
    @Override
    public void cut() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            waiting.clear();
        }
        try {
            context.complete();
        } catch (IllegalStateException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The answer was over already", e);
        }
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

    @Override
    public void onError(Throwable reason) {
        Transport.Completion told;
        Runnable toTell;
        boolean completes;
        synchronized (this) {
            told = taken;
            taken = null;
            toTell = hasGone ? null : gone;
            hasGone = true;
            completes = !over;
            over = true;
        }
        if (toTell != null) {
            toTell.run();
        }
        if (told != null) {
            told.failed(reason);
        }
        if (completes) {
            context.complete();
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        Throwable reason = event.getThrowable();
        onError(reason == null ? new IOException("The client has gone.") : reason);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        onError(new IOException("The container has ended the answer."));
    }

    @Override
    public void onComplete(AsyncEvent event) {
        synchronized (this) {
            over = true;
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // It is started once, by this class.
    }
}
