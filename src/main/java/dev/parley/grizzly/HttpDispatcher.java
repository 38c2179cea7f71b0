package dev.parley.grizzly;

import dev.parley.concurrent.FairTurns;
import dev.parley.http.ApiDispatcher;
import dev.parley.http.Problem;
import dev.parley.http.RequestTarget;
import dev.parley.security.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.FastHttpDateFormat;
import org.glassfish.grizzly.http.util.Header;

/** Every request that is no handshake: the guard first, then the resources, then the pages. */
final class HttpDispatcher extends HttpHandler {
    private static final Refusal BUSY = new Refusal(
            503, "As many requests as may (parley.threads.resources-waiting) wait for resources that are slow.");

    private final GuardAdapter guard;
    private final ApiDispatcher api;
    private final RestHandler rest;
    private final WebFiles files;
    private final ForeignRequests foreign;
    private final LingeringClose close;
    private final AtomicInteger underWay = new AtomicInteger();

    HttpDispatcher(GuardAdapter guard, ApiDispatcher api, RestHandler rest, WebFiles files, Answers answers) {
        this.guard = guard;
        this.api = api;
        this.rest = rest;
        this.files = files;
        this.foreign = answers.foreign();
        this.close = answers.close();
    }

    /**
     * How requests are answered.
     *
     * @param foreign those that a team's resources answer
     * @param close how a connection ends
     */
    record Answers(ForeignRequests foreign, LingeringClose close) {}

    /** Grizzly asks before it calls {@link #service}: no thread of its own calls a team's code. */
    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> GuardAdapter.target(request.getRequest())
                .flatMap(target -> resources(target.path(), request))
                .filter(RestHandler.Served::areForeign)
                .<Executor>map(served -> task -> foreign.execute(request, task))
                .orElse(null);
    }

    /** Those at the root come after the files. */
    private Optional<RestHandler.Served> resources(String path, Request request) {
        return rest.find(path)
                .or(() -> rest.atRoot()
                        .filter(root ->
                                !ApiDispatcher.includes(path) && !(WebFiles.reads(request) && files.has(path))));
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
        Optional<String> known = GuardAdapter.target(request.getRequest()).map(RequestTarget::path);
        Optional<RestHandler.Served> resources = known.flatMap(path -> resources(path, request));
        boolean isFile = known.filter(path -> !ApiDispatcher.includes(path)).isPresent() && resources.isEmpty();
        Optional<Refusal> refusal = isFile && WebFiles.reads(request)
                ? guard.checkPublic(request.getRequest())
                : guard.check(request.getRequest());
        if (refusal.isPresent()) {
            refuse(request, response, refusal.get());
            return;
        }
        guard.dropForeignCookies(request.getRequest());
        if (ForeignRequests.isRefused(request)) {
            refuse(request, response, BUSY);
            return;
        }
        String path = known.orElseThrow();
        if (ApiDispatcher.includes(path)) {
            // Of an answer of Jersey's it would come too late with the other headers, in HttpCodec
            response.setHeader(Header.Vary, "Origin");
            if (serve(path, request, response)) {
                return;
            }
        }
        FairTurns.letGo(); // resources may wait
        if (resources.isPresent()) {
            resources.get().service(request, response);
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
