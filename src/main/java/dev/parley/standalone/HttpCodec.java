package dev.parley.standalone;

import dev.parley.security.SecurityHeaders;
import java.io.IOException;
import java.util.Optional;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.MimeHeaders;

/**
 * Grizzly's reading and writing of HTTP, with two faults mended.
 *
 * <p>By default Grizzly takes any {@code Upgrade} header for the start of another protocol and no longer looks for the
 * request's end; with a body and {@code Upgrade: h2c}, which curl and the JDK's client send of themselves, a worker waits
 * for 30 seconds and answers 500, so a few such requests stop the server. Here an upgrade to anything but {@code
 * websocket} is as if it were not there (RFC 9110 section 7.8: a server may ignore it).
 *
 * <p>Answers that Grizzly gives itself, to a request it cannot read, never reach a handler. So the headers that protect
 * a browser are added here, where every answer is written.
 */
final class HttpCodec extends HttpServerFilter {
    private static final int SWITCHING_PROTOCOLS = 101;
    /** The name that Grizzly gives its attribute. */
    private static final String KEEP_ALIVE = "HttpServerFilter.KeepAliveContext";

    private static final String POLICY = "Content-Security-Policy";

    @SuppressWarnings("deprecation") // Grizzly has no other constructors
    HttpCodec(NetworkListener listener, int maxHeaderSize) {
        super(
                listener.isChunkingEnabled(),
                maxHeaderSize,
                null,
                listener.getKeepAlive(),
                null,
                MimeHeaders.MAX_NUM_HEADERS_DEFAULT,
                MimeHeaders.MAX_NUM_HEADERS_DEFAULT);
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
        return WebSocketFilter.carries(ctx.getConnection()) ? ctx.getInvokeAction() : super.handleRead(ctx);
    }

    @Override
    protected void onIncomingUpgrade(FilterChainContext ctx, HttpHeader header) {
        if ("websocket".equalsIgnoreCase(header.getUpgrade().strip())) {
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
