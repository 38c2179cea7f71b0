package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.frames.BodyBuffer;
import dev.parley.security.Holder;
import dev.parley.security.Limits;
import dev.parley.security.Refusal;
import dev.parley.security.SharedBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of a request, and hands the request on when it is whole. Jersey reads a body with a thread that waits
 * for it, and there are some ten such threads: as many clients whose bodies drip would stop the server.
 *
 * <p>A body over the limit is refused at its first byte when it says how long it is, else at the first byte that is too
 * many. Of one that comes, at least {@link Limits#LEAST_PROGRESS} bytes must come within each time limit, or its end.
 * What is held of all of them is shared with others by a {@link SharedBudget}.
 */
final class BodyFilter extends BaseFilter {
    private static final Attribute<Body> BODY =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(BodyFilter.class.getName());
    private static final Refusal FULL =
            new Refusal(503, "The server holds as much of requests that are not whole as it may. Try again later.");
    private static final int CONTENT_TOO_LARGE = 413;

    /** Bytes that are read along with what others send. */
    private static final int LARGE = 64 * 1024;

    private final GuardAdapter guard;
    private final SharedBudget budget;
    private final int mostBytes;
    private final Duration timeout;
    private final ScheduledExecutorService timer;

    BodyFilter(
            GuardAdapter guard, SharedBudget budget, int mostBytes, Duration timeout, ScheduledExecutorService timer) {
        this.guard = guard;
        this.budget = budget;
        this.mostBytes = mostBytes;
        this.timeout = timeout;
        this.timer = timer;
    }

    /**
     * A body that is coming. What comes is read by one thread at a time; the timer looks how much it is, and lets go of
     * what others need more.
     */
    private final class Body {
        private final Connection<?> connection;
        private final Holder holder;
        private final SharedBudget.Reservation room;
        private final BodyBuffer buffer;
        private final Future<?> look;
        private volatile int size;
        private volatile boolean large;
        private int sizeBefore;
        private boolean dropped;

        Body(Connection<?> connection, String address) {
            this.connection = connection;
            this.holder = Holder.ofAddress(address);
            this.room = budget.open(holder, () -> timer.execute(this::drop));
            this.buffer = new BodyBuffer(room);
            this.look = GuardedTimer.every(timer, timeout, timeout, this::look);
        }

        private void look() {
            if (room.isEnded() || size - sizeBefore < Limits.LEAST_PROGRESS) {
                connection.terminateSilently();
            }
            sizeBefore = size;
        }

        synchronized Optional<Refusal> add(Buffer piece, long announced) {
            if (room.isEnded()) {
                return Optional.of(FULL);
            }
            int count = piece.remaining();
            if (count > mostBytes - buffer.size()) {
                return Optional.of(tooLarge());
            }
            int whole = announced < 0 ? mostBytes + 1 : (int) announced;
            Optional<byte[]> reserved = buffer.reserve(count, Math.max(whole, buffer.size() + count));
            if (reserved.isEmpty()) {
                return Optional.of(FULL);
            }
            piece.get(reserved.get(), buffer.size(), count);
            piece.tryDispose(); // the next read of this thread needs no other memory
            buffer.added(count);
            size = buffer.size();
            large = Math.max(size, announced) > LARGE;
            return Optional.empty();
        }

        /** Empty when others needed the room more. */
        synchronized Optional<byte[]> take() {
            look.cancel(false);
            return dropped ? Optional.empty() : Optional.of(buffer.take());
        }

        void end() {
            look.cancel(false);
            drop();
        }

        private synchronized void drop() {
            dropped = true;
            buffer.drop();
        }
    }

    /** Of a body of which the rest is read when its turn has come; empty where it is small. */
    static Optional<Holder> largeFor(Connection<?> connection) {
        Body body = BODY.get(connection);
        return body != null && body.large ? Optional.of(body.holder) : Optional.empty();
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        HttpContent content = ctx.getMessage();
        if (HttpContent.isBroken(content)) {
            end(ctx.getConnection()); // Grizzly has answered
            return ctx.getStopAction();
        }
        Body body = BODY.get(ctx.getConnection());
        boolean whole = body == null && content.isLast() && content.getContent().remaining() <= mostBytes;
        return whole ? ctx.getInvokeAction() : collect(ctx, content, body);
    }

    @Override
    public NextAction handleClose(FilterChainContext ctx) throws IOException {
        end(ctx.getConnection());
        return ctx.getInvokeAction();
    }

    private NextAction collect(FilterChainContext ctx, HttpContent content, @Nullable Body begun) {
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        Optional<Refusal> refusal = begun == null ? refusal(request) : Optional.empty();
        if (refusal.isEmpty()) {
            Body body = begun == null ? begin(ctx, request) : begun;
            refusal = body.add(content.getContent(), request.isChunked() ? -1 : request.getContentLength());
        }
        if (refusal.isPresent()) {
            end(ctx.getConnection());
            FilterResponses.refuse(ctx, request, refusal.get());
            return ctx.getStopAction();
        }
        if (!content.isLast()) {
            content.recycle();
            return ctx.getStopAction();
        }
        Optional<byte[]> bytes = BODY.remove(ctx.getConnection()).take();
        if (bytes.isEmpty()) {
            FilterResponses.refuse(ctx, request, FULL);
            return ctx.getStopAction();
        }
        Buffer whole = new UnpooledBuffer(bytes.get());
        ctx.setMessage(HttpContent.builder(request).content(whole).last(true).build());
        return ctx.getInvokeAction();
    }

    private Optional<Refusal> refusal(HttpRequestPacket request) {
        return request.getContentLength() > mostBytes ? Optional.of(tooLarge()) : guard.check(request);
    }

    private Refusal tooLarge() {
        return new Refusal(
                CONTENT_TOO_LARGE, "The body is larger than parley.limits.message-size, " + mostBytes + " bytes.");
    }

    private Body begin(FilterChainContext ctx, HttpRequestPacket request) {
        Connection<?> connection = ctx.getConnection();
        Body body = new Body(connection, guard.address(request));
        BODY.set(connection, body);
        if (request.requiresAcknowledgement()) {
            HttpResponsePacket response = request.getResponse();
            response.setStatus(HttpStatus.CONINTUE_100);
            response.setAcknowledgement(true);
            ctx.write(HttpContent.builder(response).build());
        }
        return body;
    }

    private static void end(Connection<?> connection) {
        Body body = BODY.remove(connection);
        if (body != null) {
            body.end();
        }
    }
}
