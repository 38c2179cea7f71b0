package dev.parley.grizzly;

import dev.parley.security.Admission;
import dev.parley.security.ConnectionPermit;
import dev.parley.security.Guard;
import dev.parley.security.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/**
 * Asks the guard for a permit when a TCP connection is accepted, and gives it back when that connection is closed,
 * whichever way it ends. Who gets none is told so in answer to the first request.
 *
 * <p>Until that first request is read whole the connection has the handshake timeout, counted from its start: the
 * filter stands behind the one that reads HTTP and behind Grizzly's idle timeout, which therefore does not see a header
 * that comes a byte at a time.
 *
 * <p>Who asks on and on and reads no answer is cut off before the answers are so many that a worker would wait, in
 * writing, until some of them are taken.
 */
final class AdmissionFilter extends BaseFilter {
    private static final Attribute<Refusal> REFUSAL =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(AdmissionFilter.class.getName());

    /** Bytes of answers that may be queued when the next request comes. */
    private static final int MOST_UNREAD = 32 * 1024;

    private final Guard guard;
    private final Duration handshakeTimeout;
    private final Duration keepAlive;
    private final int sendBuffer;

    /**
     * A handshake timeout of zero is none.
     *
     * @param sendBuffer bytes that the system keeps for a connection at most of what has not been taken; 0 leaves it to
     *     the system
     */
    AdmissionFilter(Guard guard, Duration handshakeTimeout, Duration keepAlive, int sendBuffer) {
        this.sendBuffer = sendBuffer;
        this.guard = guard;
        this.handshakeTimeout = handshakeTimeout;
        this.keepAlive = keepAlive;
    }

    @Override
    public NextAction handleAccept(FilterChainContext ctx) throws IOException {
        Connection<?> connection = ctx.getConnection();
        limitSendBuffer(connection);
        Admission admission = guard.admit(address(connection));
        admission.refusal().ifPresent(refusal -> REFUSAL.set(connection, refusal));
        admission.permit().ifPresent(permit -> releaseAtEnd(connection, permit));
        long milliseconds = handshakeTimeout.isZero() ? -1 : handshakeTimeout.toMillis();
        IdleTimeoutFilter.setCustomTimeout(connection, milliseconds, TimeUnit.MILLISECONDS);
        return ctx.getInvokeAction();
    }

    /** Grizzly's own setting only ever enlarges it. */
    private void limitSendBuffer(Connection<?> connection) throws IOException {
        if (sendBuffer > 0
                && connection instanceof NIOConnection nio
                && nio.getChannel() instanceof SocketChannel tcp) {
            tcp.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
        }
    }

    private static boolean asksWithoutReading(Connection<?> connection) {
        return connection instanceof NIOConnection nio
                && nio.getAsyncWriteQueue().spaceInBytes() > MOST_UNREAD;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        if (!(ctx.getMessage() instanceof HttpContent content)) {
            return ctx.getInvokeAction(); // a WebSocket's frames
        }
        if (asksWithoutReading(ctx.getConnection())) {
            ctx.getConnection().terminateSilently();
            return ctx.getStopAction();
        }
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        Optional<Refusal> refusal = Optional.ofNullable(REFUSAL.get(ctx.getConnection()));
        if (refusal.isPresent()) {
            FilterResponses.refuse(ctx, request, refusal.get());
            return ctx.getStopAction();
        }
        if (!request.isUpgrade()) {
            IdleTimeoutFilter.setCustomTimeout(ctx.getConnection(), keepAlive.toMillis(), TimeUnit.MILLISECONDS);
        }
        return ctx.getInvokeAction();
    }

    /** Whether it has a place, so that the limits of connections count it. */
    static boolean isCounted(Connection<?> connection) {
        return !REFUSAL.isSet(connection);
    }

    static void releaseAtEnd(Connection<?> connection, ConnectionPermit permit) {
        CloseListener<Closeable, CloseType> listener = (closeable, type) -> permit.release();
        connection.addCloseListener(listener);
    }

    private static String address(Connection<?> connection) {
        return connection.getPeerAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress().getHostAddress()
                : "";
    }
}
