package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.protocol.Reply;
import dev.parley.wire.WireWriter;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.CompletionStage;

/**
 * The client's own connection: who it is taken for, as {@code connect} tells over WebSocket; and its end. What it shows
 * to be the same is the header {@code Parley-Connection} of the answer, a guest's also {@code secret}; {@code connection}
 * is for logs and support.
 */
@Path("connection")
public class ConnectionResource {
    @Inject
    Connections connections;

    @Inject
    HttpCallers callers;

    @GET
    public CompletionStage<Response> connection(@Context SecurityContext security, @Context HttpHeaders headers) {
        return callers.of(security, headers)
                .thenApply(caller -> HttpCallers.named(HttpCallers.json(WireWriter.content(connected(caller))), caller)
                        .build())
                .exceptionally(Problem::of);
    }

    private static Reply connected(HttpCaller caller) {
        return new Reply.Connected(
                0,
                caller.connection().publicName(),
                caller.identity().user(),
                caller.secret(),
                caller.identity().expires());
    }

    /** The client is gone from all channels at once, and what it still waits for ends. */
    @DELETE
    public CompletionStage<Response> end(@Context SecurityContext security, @Context HttpHeaders headers) {
        return callers.of(security, headers)
                .thenApply(caller -> {
                    connections
                            .leases()
                            .end(caller.identity(), caller.connection().text());
                    return Response.noContent().build();
                })
                .exceptionally(Problem::of);
    }
}
