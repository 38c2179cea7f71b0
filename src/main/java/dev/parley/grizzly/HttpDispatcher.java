package dev.parley.grizzly;

import dev.parley.http.ApiDispatcher;
import dev.parley.http.Problem;
import dev.parley.security.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.FastHttpDateFormat;
import org.glassfish.grizzly.http.util.Header;

/** Every request that is no handshake: the guard first, then the resources, then the pages. */
final class HttpDispatcher extends HttpHandler {
    private final GuardAdapter guard;
    private final ApiDispatcher api;
    private final RestHandler rest;
    private final WebFiles files;
    private final LingeringClose close;
    private final AtomicInteger underWay = new AtomicInteger();

    HttpDispatcher(GuardAdapter guard, ApiDispatcher api, RestHandler rest, WebFiles files, LingeringClose close) {
        this.guard = guard;
        this.api = api;
        this.rest = rest;
        this.files = files;
        this.close = close;
    }

    /** How many requests are being answered. */
    int count() {
        return underWay.get();
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        begin(request);
        // Grizzly adds it too late: at the end of an answer it takes what is added for trailers, which have no Date
        response.setHeader(Header.Date, FastHttpDateFormat.getCurrentDate());
        boolean isFile = GuardAdapter.target(request.getRequest())
                .filter(target -> !ApiDispatcher.includes(target.path()) && !rest.handles(target.path()))
                .isPresent();
        Optional<Refusal> refusal = isFile && WebFiles.reads(request)
                ? guard.checkPublic(request.getRequest())
                : guard.check(request.getRequest());
        if (refusal.isPresent()) {
            refuse(request, response, refusal.get());
            return;
        }
        guard.dropForeignCookies(request.getRequest());
        String path = GuardAdapter.target(request.getRequest()).orElseThrow().path();
        if (ApiDispatcher.includes(path)) {
            // Of an answer of Jersey's it would come too late with the other headers, in HttpCodec
            response.setHeader(Header.Vary, "Origin");
            if (serve(path, request, response)) {
                return;
            }
        }
        if (rest.handles(path)) {
            rest.service(request, response);
        } else {
            files.service(path, request, response);
        }
    }

    /** With a sentence, below {@code /api} as problem details. */
    static void refuse(Request request, Response response, Refusal refusal) throws IOException {
        if (!FilterResponses.isOfApi(request.getRequest())) {
            WebFiles.text(response, refusal.status(), refusal.sentence());
            return;
        }
        Problem problem = Problem.of(refusal);
        byte[] body = (problem.body() + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(refusal.status());
        problem.headers().forEach(response::setHeader);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Whose answer may wait. */
    private boolean serve(String path, Request request, Response response) {
        GrizzlyResponseWriter[] answer = new GrizzlyResponseWriter[1];
        GrizzlyHttpRequest asked = new GrizzlyHttpRequest(request, path, guard.address(request.getRequest()));
        boolean served = api.serve(asked, () -> answer[0] = GrizzlyResponseWriter.to(response, close));
        if (answer[0] != null) {
            answer[0].watch();
        }
        return served;
    }

    /** Until it is answered, or its client has gone: then Grizzly says nothing of its end. */
    private void begin(Request request) {
        underWay.incrementAndGet();
        AtomicBoolean ended = new AtomicBoolean();
        Connection<?> connection = request.getContext().getConnection();
        CloseListener<Closeable, CloseType> closed = (closeable, type) -> end(ended);
        connection.addCloseListener(closed);
        request.addAfterServiceListener(answered -> {
            connection.removeCloseListener(closed);
            end(ended);
        });
    }

    private void end(AtomicBoolean ended) {
        if (ended.compareAndSet(false, true)) {
            underWay.decrementAndGet();
        }
    }
}
