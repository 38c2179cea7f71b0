package dev.parley.grizzly;

import dev.parley.frames.Handshake;
import dev.parley.frames.Upgrades;
import dev.parley.http.ApiDispatcher;
import dev.parley.http.Problem;
import dev.parley.security.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;

/** Answers given by a filter, before any handler. */
final class FilterResponses {
    private static final int UNAUTHORIZED = 401;
    private static final int METHOD_NOT_ALLOWED = 405;
    static final int UPGRADE_REQUIRED = 426;

    private FilterResponses() {}

    /**
     * Answers with a sentence, below {@code /api} as problem details, and ends the connection, see
     * {@link LingeringClose}.
     */
    static void refuse(FilterChainContext ctx, HttpRequestPacket request, Refusal refusal) {
        ctx.write(refusal(ctx.getMemoryManager(), request, refusal));
        request.getProcessingState().getHttpContext().close();
    }

    /** The same below {@code /api}. */
    static void refuse(FilterChainContext ctx, HttpRequestPacket request, Problem problem) {
        HttpResponsePacket response = refused(request, problem.status());
        problem.headers().forEach(response::setHeader);
        ctx.write(ending(ctx.getMemoryManager(), response, problem.body()));
        request.getProcessingState().getHttpContext().close();
    }

    /** What is answered so; it says that the connection ends. */
    static HttpContent refusal(MemoryManager<?> memory, HttpRequestPacket request, Refusal refusal) {
        HttpResponsePacket response = refused(request, refusal.status());
        String body = refusal.sentence();
        if (isOfApi(request)) {
            Problem problem = Problem.of(refusal);
            problem.headers().forEach(response::setHeader);
            body = problem.body();
        } else {
            response.setContentType("text/plain; charset=utf-8");
            response.setHeader(Header.CacheControl, "no-store");
        }
        if (refusal.status() == UNAUTHORIZED) { // RFC 9110 section 11.6.1, RFC 6750 section 3
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        if (refusal.status() == METHOD_NOT_ALLOWED) {
            response.setHeader(Header.Allow, "GET");
        }
        return ending(memory, response, body);
    }

    private static HttpResponsePacket refused(HttpRequestPacket request, int status) {
        request.setIgnoreContentModifiers(false);
        HttpResponsePacket response = request.getResponse();
        response.setStatus(status);
        return response;
    }

    private static HttpContent ending(MemoryManager<?> memory, HttpResponsePacket response, String body) {
        response.setHeader(Header.Connection, "close");
        Buffer bytes = Buffers.wrap(memory, body + "\n", StandardCharsets.UTF_8);
        response.setContentLength(bytes.remaining());
        return HttpContent.builder(response).content(bytes).last(true).build();
    }

    /** RFC 9110 section 15.5.22, RFC 6455 section 4.4. Not by {@code setHeader}, which would begin an upgrade. */
    static void nameUpgrade(HttpResponsePacket response) {
        response.setHeader("Sec-WebSocket-Version", Handshake.VERSION);
        response.getHeaders().setValue(Header.Upgrade).setString("websocket");
        response.getHeaders().addValue(Header.Connection).setString("Upgrade"); // beside close
    }

    /** Of a request whose first line could not be read, nobody knows. */
    static boolean isOfApi(HttpRequestPacket request) {
        String path = request.getRequestURI();
        return path != null && ApiDispatcher.includes(path);
    }

    /** Answers a handshake that is accepted. */
    static void upgrade(FilterChainContext ctx, HttpRequestPacket request, Upgrades.Accepted upgrade) {
        HttpResponsePacket response = request.getResponse();
        response.setStatus(upgrade.status());
        for (Map.Entry<String, List<String>> header : upgrade.headers().entrySet()) {
            if (header.getKey().equalsIgnoreCase(Header.SetCookie.toString())) { // no list: RFC 9110 section 5.3
                header.getValue().forEach(cookie -> response.addHeader(Header.SetCookie, cookie));
            } else {
                response.setHeader(header.getKey(), String.join(", ", header.getValue()));
            }
        }
        ctx.write(HttpContent.builder(response).build());
    }
}
