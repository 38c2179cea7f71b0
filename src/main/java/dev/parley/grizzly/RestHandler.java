package dev.parley.grizzly;

import java.util.Set;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

/** The Jakarta REST resources on Grizzly. */
final class RestHandler {
    private final HttpHandler handler;
    private final Set<String> paths;

    RestHandler(Resources resources) {
        this.handler = resources.as(HttpHandler.class);
        this.paths = resources.paths();
        handler.start();
    }

    /** Whether the path, decoded, is for a resource and not for a file. */
    boolean handles(String path) {
        int end = path.indexOf('/', 1);
        return paths.contains(path.substring(1, end < 0 ? path.length() : end));
    }

    /** The answers are small and in memory as they are: they are queued whole. */
    void service(Request request, Response response) throws Exception {
        // Else a worker would wait, in writing, until a client has taken some of what is queued for it
        request.getContext().getConnection().setMaxAsyncWriteQueueSize(AsyncQueueWriter.UNLIMITED_SIZE);
        handler.service(request, response);
    }

    void stop() {
        handler.destroy();
    }
}
