package dev.parley.servlet;

import dev.parley.connection.Connections;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Holder;
import dev.parley.security.Limits;
import dev.parley.security.SharedBudget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads the bodies of requests in the WAR as they come, so that no thread waits for one that drips (Servlet 6.0, section
 * 3.7). One that is too long is refused by the length it declares, or else at the first byte too many.
 */
@ApplicationScoped
public class ServletBodies {
    private static final int PIECE = 16 * 1024;

    @Inject
    Connections connections;

    @Inject
    BodyLimits limits;

    @Inject
    SharedBudget budget;

    /**
     * Of a request whose answer is asynchronous already. Fails with {@code too-large}, {@code unavailable} where too much
     * is coming, or {@code malformed} when the client breaks off or drips.
     *
     * @param address of the client, whose share it is
     */
    CompletionStage<Bytes> read(HttpServletRequest request, String address) {
        int most = connections.limits().messageSize();
        long declared = request.getContentLengthLong();
        if (declared > most) {
            return CompletableFuture.failedFuture(tooLarge(most));
        }
        if (declared == 0) {
            return CompletableFuture.completedFuture(Bytes.wrap(new byte[0]));
        }
        try {
            ServletInputStream in = request.getInputStream();
            Reading reading = new Reading(in, most, declared, address);
            in.setReadListener(reading);
            reading.look();
            return reading.whole;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(brokenOff());
        }
    }

    private static RefusedException tooLarge(int most) {
        return new RefusedException(
                ErrorCode.TOO_LARGE, "The body is larger than " + most + " bytes (parley.limits.message-size).");
    }

    private static RefusedException full() {
        return new RefusedException(
                ErrorCode.UNAVAILABLE,
                "The server holds as much of requests that are not whole as it may (parley.limits.unfinished-size).");
    }

    private static RefusedException brokenOff() {
        return new RefusedException(ErrorCode.MALFORMED, "The body ended too early.");
    }

    /** A body that is coming. The container calls from one thread at a time; the timer only looks how much it is. */
    private final class Reading implements ReadListener {
        private final CompletableFuture<Bytes> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(PIECE);
        private final ServletInputStream in;
        private final int most;
        private final long declared;
        private final AtomicInteger size = new AtomicInteger();
        private final SharedBudget.Reservation room;
        private volatile Future<?> looking = CompletableFuture.completedFuture(null);
        private int sizeBefore;

        /** @param declared bytes; -1 where the client does not say */
        Reading(ServletInputStream in, int most, long declared, String address) {
            this.in = in;
            this.most = most;
            this.declared = declared;
            this.room = budget.open(
                    Holder.ofAddress(address), () -> connections.closing().execute(() -> fail(full())));
            CompletableFuture<Bytes> unused = whole.whenComplete((body, failure) -> release());
        }

        /** Once it is complete nothing more is taken. */
        private synchronized void release() {
            looking.cancel(false);
            room.giveAll();
        }

        void look() {
            if (!whole.isDone()) {
                sizeBefore = size.get();
                looking = connections.after(limits.timeout(), () -> {
                    if (size.get() - sizeBefore < Limits.LEAST_PROGRESS) {
                        fail(new RefusedException(
                                ErrorCode.MALFORMED,
                                "Within " + limits.timeout().toSeconds()
                                        + " s 16 KB of a body must come, or its end (parley.limits.body-timeout)."));
                    } else {
                        look();
                    }
                });
            }
        }

        @Override
        public void onDataAvailable() throws IOException {
            byte[] piece = new byte[PIECE];
            // Payara says that it has finished as soon as all is there, read or not, and may not say so once it is read
            while (!whole.isDone() && in.isReady()) {
                int count = in.read(piece);
                take(piece, Math.max(0, count));
                if (count < 0 || size.get() == declared) {
                    onAllDataRead();
                }
            }
        }

        private synchronized void take(byte[] piece, int count) {
            if (whole.isDone()) {
                return;
            }
            if (size.get() + count > most) {
                fail(tooLarge(most));
            } else if (!room.take(count)) {
                fail(full());
            } else {
                bytes.write(piece, 0, count);
                size.addAndGet(count);
            }
        }

        private void fail(RefusedException reason) {
            whole.completeExceptionally(reason);
        }

        @Override
        public void onAllDataRead() {
            whole.complete(Bytes.wrap(bytes.toByteArray()));
        }

        @Override
        public void onError(Throwable reason) {
            fail(brokenOff());
        }
    }
}
