package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.frames.Handshake;
import dev.parley.frames.Upgrades;
import dev.parley.frames.WebSocketConnection;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Admission;
import dev.parley.security.Credentials;
import dev.parley.security.CredentialsReader;
import dev.parley.security.Refusal;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Buffer;
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
import org.glassfish.grizzly.memory.ByteBufferArray;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/**
 * Turns an HTTP connection into a WebSocket, before Grizzly's handlers see the request, and carries its frames. It stands
 * where Tyrus has its {@code GrizzlyServerFilter}, which lets every handshake through.
 */
final class WebSocketFilter extends BaseFilter {
    private static final Attribute<WebSocketConnection> WEB_SOCKET =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(WebSocketFilter.class.getName());
    private static final Refusal STOPPING = new Refusal(503, "The server is stopping. Try again later.");
    private static final Refusal NO_REQUEST = new Refusal(400, "The handshake is not well formed.");

    private final Upgrades upgrades;
    private final GuardAdapter guard;
    private final Duration farewell;
    private final ScheduledExecutorService timer;
    private final Set<WebSocketConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger beginning = new AtomicInteger();
    private volatile boolean stopping;

    /** @param farewell for how long a client may read what is left, and not answer a close frame */
    WebSocketFilter(Upgrades upgrades, GuardAdapter guard, Duration farewell, ScheduledExecutorService timer) {
        this.upgrades = upgrades;
        this.guard = guard;
        this.farewell = farewell;
        this.timer = timer;
    }

    /** Lets nobody else in, and tells everybody that the server stops and they may come back. */
    void stop() {
        stopping = true;
        open.forEach(webSocket -> webSocket.close(DisconnectCode.RESTART));
    }

    /**
     * How many have not ended, and how many are just beginning: such a client may have read that it is a WebSocket before
     * its {@code @OnOpen} has returned, and is owed a farewell like all others.
     */
    int count() {
        int notYetOpen = beginning.get(); // first: what is no longer among these is open by now
        return notYetOpen + open.size();
    }

    /** Whether it has become a WebSocket: then what comes is frames, and no HTTP. */
    static boolean carries(Connection<?> connection) {
        return WEB_SOCKET.isSet(connection);
    }

    /** Whether what comes on it may be taken on a thread that serves other sockets too. */
    static boolean neverWaits(Connection<?> connection) {
        WebSocketConnection webSocket = WEB_SOCKET.get(connection);
        return webSocket != null && webSocket.neverWaits();
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        if (ctx.getMessage() instanceof Buffer frames) {
            deliver(WEB_SOCKET.get(ctx.getConnection()), frames);
            return ctx.getStopAction();
        }
        HttpContent content = ctx.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        return request.isUpgrade() ? handshake(ctx, request) : ctx.getInvokeAction();
    }

    private static void deliver(WebSocketConnection webSocket, Buffer buffer) {
        if (!buffer.isComposite()) {
            webSocket.received(buffer.toByteBuffer());
            return;
        }
        ByteBufferArray parts = buffer.toByteBufferArray();
        ByteBuffer[] array = parts.getArray();
        for (int i = 0; i < parts.size(); i++) {
            webSocket.received(array[i]);
        }
        parts.recycle();
    }

    private NextAction handshake(FilterChainContext ctx, HttpRequestPacket request) {
        beginning.incrementAndGet(); // before looking whether the server stops, which looks here afterwards
        try {
            Optional<Refusal> refusal = stopping
                    ? Optional.of(STOPPING)
                    : guard.check(request)
                            .or(guard::checkHandshake)
                            .or(() -> Handshake.check(GrizzlyHandshake.of(request)))
                            .or(() -> admit(ctx, request))
                            .or(() -> upgrade(ctx, request));
            refusal.ifPresent(why -> FilterResponses.refuse(ctx, request, why));
        } finally {
            beginning.decrementAndGet();
        }
        return ctx.getStopAction();
    }

    private Optional<Refusal> admit(FilterChainContext ctx, HttpRequestPacket request) {
        Optional<Admission> admission = guard.admitBehindProxy(request);
        admission
                .flatMap(Admission::permit)
                .ifPresent(permit -> AdmissionFilter.releaseAtEnd(ctx.getConnection(), permit));
        return admission.flatMap(Admission::refusal);
    }

    private Optional<Refusal> upgrade(FilterChainContext ctx, HttpRequestPacket request) {
        Upgrades.Upgrade upgrade;
        try {
            guard.dropForeignCookies(request);
            Credentials shown = guard.shown(request);
            upgrade = upgrades.agree(
                    GrizzlyHandshake.of(request),
                    GrizzlyHandshake.parameters(request),
                    guard.caller(request).orElseThrow(),
                    shown);
        } catch (RefusedException e) {
            return Optional.of(new Refusal(CredentialsReader.MALFORMED, e.reason()));
        } catch (RuntimeException e) { // Tyrus parses headers as it goes, and says so when it cannot
            return Optional.of(NO_REQUEST);
        }
        if (upgrade instanceof Upgrades.Accepted accepted) {
            FilterResponses.upgrade(ctx, request, accepted);
            open(ctx, accepted.opening());
            return Optional.empty();
        }
        return Optional.of(((Upgrades.Refused) upgrade).refusal());
    }

    private void open(FilterChainContext ctx, Upgrades.Opening opening) {
        @SuppressWarnings("unchecked") // of TCP
        Connection<SocketAddress> tcp = ctx.getConnection();
        // An idle WebSocket is none of the HTTP keep-alive timeout's business: Grizzly would end it, for the client
        // 1006
        IdleTimeoutFilter.setCustomTimeout(tcp, -1, TimeUnit.SECONDS);
        WebSocketConnection webSocket = opening.open(new GrizzlyFrameOutput(tcp), new Farewell(tcp));
        open.add(webSocket);
        WEB_SOCKET.set(tcp, webSocket);
        HttpCodec.forget(tcp);
        CloseListener<Closeable, CloseType> whenClosed = (closeable, type) -> {
            open.remove(webSocket);
            webSocket.lost();
        };
        tcp.addCloseListener(whenClosed);
        if (stopping) {
            webSocket.close(DisconnectCode.RESTART);
        }
    }

    /** Ends a connection that has been told farewell: at once when the client has answered, else a little later. */
    private final class Farewell implements Runnable {
        private final Connection<SocketAddress> tcp;

        private Farewell(Connection<SocketAddress> tcp) {
            this.tcp = tcp;
        }

        @Override
        public void run() {
            WebSocketConnection webSocket = WEB_SOCKET.get(tcp);
            if (webSocket != null && webSocket.isOver()) {
                webSocket.end();
            } else if (tcp.isOpen() && !timer.isShutdown()) {
                // To close would wait until the client has taken all that is queued, which it may never do
                Future<?> unused = GuardedTimer.after(timer, farewell, tcp::terminateSilently);
            }
        }
    }
}
