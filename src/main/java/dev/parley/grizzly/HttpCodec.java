package dev.parley.grizzly;

import dev.parley.frames.Handshake;
import dev.parley.security.Refusal;
import dev.parley.security.SecurityHeaders;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpPacket;
import org.glassfish.grizzly.http.HttpPacketParsing;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.TransferEncoding;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.MimeHeaders;
import org.glassfish.grizzly.memory.MemoryManager;

/**
 * Grizzly's reading and writing of HTTP, with some faults mended.
 *
 * <p>By default Grizzly takes any {@code Upgrade} header for the start of another protocol and no longer looks for the
 * request's end; with a body and {@code Upgrade: h2c}, which curl and the JDK's client send of themselves, a worker waits
 * for 30 seconds and answers 500, so a few such requests stop the server. Here an upgrade to anything but {@code
 * websocket} is as if it were not there (RFC 9110 section 7.8: a server may ignore it). It may name several.
 *
 * <p>What is not well formed is refused with a sentence before Grizzly reads it, see {@link RequestGrammar},
 * {@link MessageFraming} and {@link ChunkGrammar}, and the connection ends: where the next request begins nobody knows.
 * Wherever an answer ends a connection, that is done by {@link LingeringClose}.
 *
 * <p>Answers that Grizzly gives itself, to a request it cannot read, never reach a handler. So the headers that protect
 * a browser are added here, where every answer is written.
 */
final class HttpCodec extends HttpServerFilter {
    private static final int SWITCHING_PROTOCOLS = 101;
    /** The name that Grizzly gives its attribute. */
    private static final String KEEP_ALIVE = "HttpServerFilter.KeepAliveContext";

    private static final String ORIGIN = "Origin";
    private static final String POLICY = "Content-Security-Policy";

    private static final Refusal UNREADABLE = new Refusal(400, "The request cannot be read.");

    private static final Attribute<RequestGrammar> GRAMMAR =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(RequestGrammar.class.getName());

    private static final String REFUSAL = HttpCodec.class.getName();

    private final int maxHeaderSize;
    private final Function<HttpRequestPacket, Map<String, String>> crossOrigin;
    private final LingeringClose close;

    /** Carries a refusal out of Grizzly's reading. */
    private static final class RefusedRequest extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        private RefusedRequest(Refusal refusal) {
            super(refusal.sentence(), null, false, false);
            this.refusal = refusal;
        }
    }

    /** @param crossOrigin gives the headers by which a page of another origin may read the answer */
    @SuppressWarnings("deprecation") // Grizzly has no other constructors
    HttpCodec(
            NetworkListener listener,
            int maxHeaderSize,
            Function<HttpRequestPacket, Map<String, String>> crossOrigin,
            LingeringClose close) {
        super(
                listener.isChunkingEnabled(),
                maxHeaderSize,
                null,
                listener.getKeepAlive(),
                null,
                MimeHeaders.MAX_NUM_HEADERS_DEFAULT,
                MimeHeaders.MAX_NUM_HEADERS_DEFAULT);
        this.maxHeaderSize = maxHeaderSize;
        this.crossOrigin = crossOrigin;
        this.close = close;
        for (TransferEncoding encoding : getTransferEncodings()) {
            removeTransferEncoding(encoding);
        }
        addTransferEncoding(new SizedBodies());
        addTransferEncoding(new ChunkedBodies(maxHeaderSize));
    }

    /**
     * Drops what Grizzly keeps of a connection's request for as long as the connection lives, 9 KB, when it has become a
     * WebSocket and the answer has been written.
     */
    static void forget(Connection<?> connection) {
        connection.getAttributes().removeAttribute(HTTP_SERVER_REQUEST_ATTR_NAME);
        connection.getAttributes().removeAttribute(KEEP_ALIVE);
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        if (LingeringClose.isEnding(ctx.getConnection())) {
            return ctx.getStopAction(); // what came together with what was refused
        }
        return WebSocketFilter.carries(ctx.getConnection()) ? ctx.getInvokeAction() : super.handleRead(ctx);
    }

    @Override
    protected boolean decodeHttpPacket(FilterChainContext ctx, HttpPacketParsing packet, Buffer input) {
        Connection<?> connection = ctx.getConnection();
        RequestGrammar grammar = GRAMMAR.get(connection);
        if (grammar == null) {
            grammar = new RequestGrammar(input.position(), maxHeaderSize);
            GRAMMAR.set(connection, grammar);
            HttpRequestPacket request = (HttpRequestPacket) packet;
            request.getProcessingState()
                    .setHttpContext(close.context(connection, request).attach(ctx));
        }
        refuse(grammar.read(input));
        if (grammar.isDone()) {
            refuse(MessageFraming.check(grammar));
        }
        boolean isWhole = super.decodeHttpPacket(ctx, packet, input);
        if (isWhole) {
            GRAMMAR.remove(connection);
            MessageFraming.apply(grammar, (HttpRequestPacket) packet);
        }
        return isWhole;
    }

    /** Out of Grizzly's reading, where there is something to refuse. */
    static void refuse(Optional<Refusal> refusal) {
        if (refusal.isPresent()) {
            throw new RefusedRequest(refusal.get());
        }
    }

    @Override
    protected void onHttpHeaderError(HttpHeader header, FilterChainContext ctx, Throwable cause) throws IOException {
        HttpRequestPacket request = (HttpRequestPacket) header;
        RequestGrammar grammar = GRAMMAR.remove(ctx.getConnection());
        if (grammar != null) {
            request.setRequestURI(grammar.target());
        }
        tell(request, cause);
        // What Grizzly has not read yet it would ask for, and find an answer of HTTP/0.9, which has no headers
        request.setProtocol(Protocol.HTTP_1_1);
        if (request.getMethodDC().isNull()) {
            request.setMethod(Method.GET);
        }
        super.onHttpHeaderError(header, ctx, cause);
    }

    @Override
    protected void onHttpContentError(HttpHeader header, FilterChainContext ctx, Throwable cause) throws IOException {
        tell((HttpRequestPacket) header, cause);
        super.onHttpContentError(header, ctx, cause);
    }

    private static void tell(HttpRequestPacket request, Throwable cause) {
        Refusal refusal = cause instanceof RefusedRequest refused ? refused.refusal : UNREADABLE;
        if (!request.getResponse().isCommitted()) {
            request.getResponse().setStatus(refusal.status());
            request.setAttribute(REFUSAL, refusal);
        }
    }

    @Override
    public NextAction handleEvent(FilterChainContext ctx, FilterChainEvent event) throws IOException {
        Connection<?> connection = ctx.getConnection();
        NextAction action = super.handleEvent(ctx, event);
        if (event.type() == HttpEvents.ResponseCompleteEvent.TYPE) {
            close.answered(connection);
        }
        return action;
    }

    @Override
    protected HttpContent customizeErrorResponse(HttpResponsePacket response) {
        Object refusal = response.getRequest().getAttribute(REFUSAL);
        return FilterResponses.refusal(
                MemoryManager.DEFAULT_MEMORY_MANAGER,
                response.getRequest(),
                refusal instanceof Refusal known ? known : UNREADABLE);
    }

    @Override
    protected Buffer encodeHttpPacket(FilterChainContext ctx, HttpPacket packet) {
        if (packet.getHttpHeader() instanceof HttpResponsePacket response && !response.isCommitted()) {
            StatusLine.complete(response);
            // RFC 9112 section 7.1: HTTP/1.0 knows no chunks; the end of such an answer is the connection's
            if (response.getRequest().getProtocol() == Protocol.HTTP_1_0) {
                response.setChunked(false);
            }
        }
        return super.encodeHttpPacket(ctx, packet);
    }

    @Override
    protected void onIncomingUpgrade(FilterChainContext ctx, HttpHeader header) {
        if (Handshake.isAskedFor(GuardAdapter.values((HttpRequestPacket) header, "Upgrade"))) {
            super.onIncomingUpgrade(ctx, header);
        } else {
            header.getUpgradeDC().recycle();
            header.getHeaders().removeHeader(Header.Upgrade);
        }
    }

    @Override
    protected void onInitialLineEncoded(HttpHeader header, FilterChainContext ctx) {
        if (header instanceof HttpResponsePacket response && response.getStatus() != SWITCHING_PROTOCOLS) {
            SecurityHeaders.fixed().forEach((name, value) -> addIfMissing(response, name, value));
            addIfMissing(response, POLICY, SecurityHeaders.contentSecurityPolicy(host(response)));
            crossOrigin(response);
            if (response.getStatus() == FilterResponses.UPGRADE_REQUIRED) {
                FilterResponses.nameUpgrade(response);
            }
        }
    }

    /** Where caches might keep an answer, it is for this origin alone. */
    private void crossOrigin(HttpResponsePacket response) {
        HttpRequestPacket request = response.getRequest();
        if (request != null && FilterResponses.isOfApi(request)) {
            addIfMissing(response, "Vary", ORIGIN);
            if (request.containsHeader(ORIGIN)) {
                crossOrigin.apply(request).forEach(response::setHeader);
            }
        }
    }

    private static void addIfMissing(HttpResponsePacket response, String name, String value) {
        if (!response.containsHeader(name)) {
            response.setHeader(name, value);
        }
    }

    private static Optional<String> host(HttpResponsePacket response) {
        return Optional.ofNullable(response.getRequest()).map(request -> request.getHeader(Header.Host));
    }
}
