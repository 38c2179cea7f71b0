package dev.parley.grizzly;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

/** The Jakarta REST resources on Grizzly, each application below its paths. */
final class RestHandler {
    private static final String ROOT = "";

    private final List<Served> all = new ArrayList<>();
    private final Map<String, Served> byPath = new TreeMap<>();

    RestHandler(List<Resources> applications) {
        for (Resources resources : applications) {
            Served served = new Served(resources, resources.as(HttpHandler.class));
            all.add(served);
            resources.paths().forEach(path -> byPath.put(path, served));
            served.handler().start();
        }
    }

    /** Resources, and what runs them. */
    record Served(Resources resources, HttpHandler handler) {
        boolean areForeign() {
            return resources.areForeign();
        }

        void service(Request request, Response response) throws Exception {
            // Our own answers are small and in memory as they are: they are queued whole, else a worker would wait, in
            // writing, until a client has taken some of what is queued for it. A team's may be of any size, and its
            // threads may wait
            request.getContext()
                    .getConnection()
                    .setMaxAsyncWriteQueueSize(
                            areForeign() ? AsyncQueueWriter.AUTO_SIZE : AsyncQueueWriter.UNLIMITED_SIZE);
            resources.within(() -> handler.service(request, response));
        }
    }

    /** Whose resource a path, decoded, may be: of those below the longest path. Not of those at the root. */
    Optional<Served> find(String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            Served served = byPath.get(path.substring(1, end));
            if (served != null && end > 1) {
                return Optional.of(served);
            }
        }
        return Optional.empty();
    }

    /** Who answers what nobody else does. */
    Optional<Served> atRoot() {
        return Optional.ofNullable(byPath.get(ROOT));
    }

    void stop() {
        all.forEach(served -> served.handler().destroy());
    }
}
