package dev.parley.grizzly;

import dev.parley.http.OperatorPaths;
import dev.parley.security.Refusal;
import java.util.Optional;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.FastHttpDateFormat;
import org.glassfish.grizzly.http.util.Header;

/** What operators ask for, and nothing else. Who is one the resources say: an address is none. */
final class ManagementHandler extends HttpHandler {
    private static final Refusal NOT_HERE = new Refusal(404, "There is nothing here for others than operators.");

    private final GuardAdapter guard;
    private final RestHandler rest;

    ManagementHandler(GuardAdapter guard, RestHandler rest) {
        this.guard = guard;
        this.rest = rest;
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        // As HttpDispatcher has it
        response.setHeader(Header.Date, FastHttpDateFormat.getCurrentDate());
        Optional<Refusal> refusal = guard.check(request.getRequest());
        if (refusal.isPresent()) {
            HttpDispatcher.refuse(request, response, refusal.get());
            return;
        }
        String path = GuardAdapter.target(request.getRequest()).orElseThrow().path();
        Optional<RestHandler.Served> resources = OperatorPaths.include(path) ? rest.find(path) : Optional.empty();
        if (resources.isPresent()) {
            resources.get().service(request, response);
        } else {
            HttpDispatcher.refuse(request, response, NOT_HERE);
        }
    }
}
