package dev.parley.standalone;

import dev.parley.security.Refusal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.FastHttpDateFormat;
import org.glassfish.grizzly.http.util.Header;

/** Every request that is no handshake: the guard first, then the resources, then the pages. */
final class Front extends HttpHandler {
    private final Door door;
    private final Rest rest;
    private final WebFiles files;
    private final AtomicInteger underWay = new AtomicInteger();

    Front(Door door, Rest rest, WebFiles files) {
        this.door = door;
        this.rest = rest;
        this.files = files;
    }

    /** How many requests are being answered. */
    int count() {
        return underWay.get();
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        underWay.incrementAndGet();
        request.addAfterServiceListener(answered -> underWay.decrementAndGet());
        // Grizzly adds it too late: at the end of an answer it takes what is added for trailers, which have no Date
        response.setHeader(Header.Date, FastHttpDateFormat.getCurrentDate());
        Optional<Refusal> refusal = door.check(request.getRequest());
        if (refusal.isPresent()) {
            WebFiles.text(response, refusal.get().status(), refusal.get().sentence());
            return;
        }
        String path = Door.target(request.getRequest()).orElseThrow().path();
        if (rest.handles(path)) {
            rest.service(request, response);
        } else {
            files.service(path, request, response);
        }
    }

    @Override
    public void destroy() {
        rest.stop();
    }
}
