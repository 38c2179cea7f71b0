package dev.parley.frames;

import jakarta.websocket.SendHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusEndpointWrapper;
import org.glassfish.tyrus.core.frame.Frame;
import org.glassfish.tyrus.spi.WriterInfo;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one session as Tyrus has it, but for what Tyrus leaves out: a time limit for what is sent without waiting, a
 * Writer that waits, and threads of their own for what is told afterwards. Who closes another session tells that one's
 * endpoint in its turn, and does not wait. Thread-safe.
 */
final class EndpointSocket extends UnicodeSocket {
    private static final byte[] NOTHING = {};

    private final EndpointCallbacks callbacks;
    private final EndpointCalls calls;
    private final WebSocketWriter writer;

    EndpointSocket(
            ProtocolHandler protocol,
            TyrusEndpointWrapper endpoint,
            EndpointCallbacks callbacks,
            EndpointSession.Ends ends) {
        super(protocol, endpoint);
        this.callbacks = callbacks;
        this.calls = ends.turns();
        this.writer = ends.writer();
    }

    /** How the endpoint of one session is called. */
    interface EndpointCalls {
        /** Where its SendHandlers are told. */
        Executor outcomes();

        /** In its turn; at once where it is the endpoint that asks. */
        void inTurn(Runnable action);
    }

    /** Of what is sent without waiting; none where it is not more than 0. */
    @Override
    public void setWriteTimeout(long milliseconds) {
        writer.limitAsyncSends(Duration.ofMillis(Math.max(0, milliseconds)));
    }

    @Override
    public void sendText(String text, SendHandler handler, WriterInfo info) {
        super.sendText(writer.isGivenUp() ? "" : text, elsewhere(handler), info); // which fails then
    }

    @Override
    public void sendBinary(byte[] bytes, SendHandler handler, WriterInfo info) {
        super.sendBinary(writer.isGivenUp() ? NOTHING : bytes, elsewhere(handler), info); // which fails then
    }

    @Override
    public Future<Frame> sendText(String text, WriterInfo info) {
        if (writer.isGivenUp()) {
            return CompletableFuture.failedFuture(PendingSends.notTaken());
        }
        return isWaitedFor(info)
                ? sendRawFrame(Frames.of(Frames.TEXT, wellFormed(text).getBytes(StandardCharsets.UTF_8)))
                : super.sendText(text, info);
    }

    @Override
    public Future<Frame> sendBinary(byte[] bytes, WriterInfo info) {
        if (writer.isGivenUp()) {
            return CompletableFuture.failedFuture(PendingSends.notTaken());
        }
        return isWaitedFor(info) ? sendRawFrame(Frames.of(Frames.BINARY, bytes)) : super.sendBinary(bytes, info);
    }

    /** Then the frame is made here, of which Tyrus keeps two more copies until it is taken. */
    private static boolean isWaitedFor(WriterInfo info) {
        return info.getRemoteEndpointType() == WriterInfo.RemoteEndpointType.BASIC;
    }

    private SendHandler elsewhere(SendHandler handler) {
        return result -> calls.outcomes().execute(() -> callbacks.call(() -> handler.onResult(result)));
    }

    /** Tyrus's Writer does not wait, and says so by calling every part of its message a whole one. */
    @Override
    public Future<Frame> sendText(@Nullable String part, boolean last, WriterInfo info) {
        Future<Frame> sent = super.sendText(part, last, info);
        if (!last && info.getMessageType() == WriterInfo.MessageType.TEXT) {
            await(sent);
        }
        return sent;
    }

    private static void await(Future<Frame> sent) {
        try {
            Frame unused = sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            rethrow(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** An IOException, which Writers declare and Tyrus's sockets do not. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    public void close(int code, String reason) {
        calls.inTurn(() -> callbacks.call(() -> super.close(code, reason)));
    }
}
