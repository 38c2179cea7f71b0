package dev.parley.grizzly;

import dev.parley.concurrent.GuardedTimer;
import dev.parley.frames.Handshake;
import dev.parley.frames.Upgrades;
import dev.parley.frames.WebSocketConnection;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Admission;
import dev.parley.security.CredentialsReader;
import dev.parley.security.HandshakeSender;
import dev.parley.security.Holder;
import dev.parley.security.Refusal;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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

    /** Whether as much waits for its endpoint as may: then nothing is to be read. */
    static boolean isHeldUp(Connection<?> connection) {
        WebSocketConnection webSocket = WEB_SOCKET.get(connection);
        return webSocket != null && webSocket.isHeldUp();
    }

    /** Keeps what makes it be read again, until its endpoint has caught up; false where it may be read now. */
    static boolean isReadLater(Connection<?> connection, Runnable readAgain) {
        WebSocketConnection webSocket = WEB_SOCKET.get(connection);
        return webSocket != null && webSocket.isReadLater(readAgain);
    }

    /** Of a WebSocket whose next bytes are read when their turn has come; empty where they are small. */
    static Optional<Holder> largeFor(Connection<?> connection) {
        WebSocketConnection webSocket = WEB_SOCKET.get(connection);
        if (webSocket == null) {
            return Optional.empty();
        }
        return switch (webSocket.share()) {
            case SMALL -> Optional.empty();
            case LARGE -> Optional.of(webSocket.holder());
            case THROWN_AWAY -> Optional.of(ReadIoStrategy.NOBODY);
        };
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        if (ctx.getMessage() instanceof Buffer frames) {
            return new Delivery(ctx).deliver(WEB_SOCKET.get(ctx.getConnection()), frames);
        }
        HttpContent content = ctx.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        return request.isUpgrade() ? handshake(ctx, request) : ctx.getInvokeAction();
    }

    /** What has come at once; until all of it is taken, nothing more is read from the client. */
    private static final class Delivery {
        private static final int UNDER_WAY = 0;
        private static final int TAKEN = 1;
        private static final int SUSPENDED = 2;

        private final FilterChainContext ctx;
        private final AtomicInteger state = new AtomicInteger(UNDER_WAY);

        private Delivery(FilterChainContext ctx) {
            this.ctx = ctx;
        }

        private NextAction deliver(WebSocketConnection webSocket, Buffer buffer) {
            bring(webSocket, buffer);
            if (state.get() == TAKEN) {
                return ctx.getStopAction();
            }
            ctx.suspend();
            NextAction suspended = ctx.getSuspendAction(); // afterwards the context is somebody else's
            if (!state.compareAndSet(UNDER_WAY, SUSPENDED)) {
                ctx.resume(ctx.getStopAction());
            }
            return suspended;
        }

        /** The memory is given back as soon as it is read, so that the next read of the thread needs none. */
        private void bring(WebSocketConnection webSocket, Buffer buffer) {
            if (!buffer.isComposite()) {
                webSocket.received(buffer.toByteBuffer(), () -> {
                    boolean unused = buffer.tryDispose();
                    taken();
                });
                return;
            }
            ByteBufferArray parts = buffer.toByteBufferArray();
            ByteBuffer[] array = parts.getArray();
            int size = parts.size();
            for (int i = 0; i < size; i++) {
                boolean last = i == size - 1;
                webSocket.received(array[i], last ? this::taken : () -> {});
            }
            parts.recycle();
        }

        private void taken() {
            if (!state.compareAndSet(UNDER_WAY, TAKEN)) {
                ctx.resume(ctx.getStopAction());
            }
        }
    }

    private NextAction handshake(FilterChainContext ctx, HttpRequestPacket request) {
        Optional<Refusal> refusal = guard.check(request)
                .or(guard::checkHandshake)
                .or(() -> Handshake.check(GrizzlyHandshake.of(request)))
                .or(() -> admit(ctx, request));
        if (refusal.isPresent()) {
            FilterResponses.refuse(ctx, request, refusal.get());
            return ctx.getStopAction();
        }
        CompletableFuture<HandshakeSender> sender;
        try {
            sender = sender(request);
        } catch (RefusedException e) {
            FilterResponses.refuse(ctx, request, new Refusal(CredentialsReader.MALFORMED, e.reason()));
            return ctx.getStopAction();
        }
        if (sender.isDone()) {
            begin(ctx, request, sender.join());
            return ctx.getStopAction();
        }
        // Keys are read by which a token is checked: no thread waits for that
        ctx.suspend();
        Executor workers = ctx.getConnection().getTransport().getWorkerThreadPool();
        CompletableFuture<Void> unused = sender.thenAcceptAsync(
                found -> {
                    begin(ctx, request, found);
                    ctx.resume(ctx.getStopAction());
                },
                workers);
        return ctx.getSuspendAction();
    }

    private CompletableFuture<HandshakeSender> sender(HttpRequestPacket request) {
        guard.dropForeignCookies(request);
        return upgrades.sender(guard.shown(request), guard.caller(request).orElseThrow())
                .toCompletableFuture();
    }

    private void begin(FilterChainContext ctx, HttpRequestPacket request, HandshakeSender sender) {
        beginning.incrementAndGet(); // before looking whether the server stops, which looks here afterwards
        try {
            Optional<Refusal> refusal = stopping ? Optional.of(STOPPING) : upgrade(ctx, request, sender);
            refusal.ifPresent(why -> FilterResponses.refuse(ctx, request, why));
        } finally {
            beginning.decrementAndGet();
        }
    }

    private Optional<Refusal> admit(FilterChainContext ctx, HttpRequestPacket request) {
        Optional<Admission> admission = guard.admitBehindProxy(request);
        admission
                .flatMap(Admission::permit)
                .ifPresent(permit -> AdmissionFilter.releaseAtEnd(ctx.getConnection(), permit));
        return admission.flatMap(Admission::refusal);
    }

    private Optional<Refusal> upgrade(FilterChainContext ctx, HttpRequestPacket request, HandshakeSender sender) {
        Upgrades.Upgrade upgrade;
        try {
            upgrade = upgrades.agree(
                    GrizzlyHandshake.of(request),
                    GrizzlyHandshake.parameters(request),
                    guard.caller(request).orElseThrow(),
                    sender);
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
