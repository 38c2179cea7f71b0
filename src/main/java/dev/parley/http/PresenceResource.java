package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.protocol.Command;
import dev.parley.wire.WireWriter;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.CompletionStage;

/** Who is on a channel, as far as this node knows. */
@Path("channels/{channel}/presence")
public class PresenceResource {
    @Inject
    Connections connections;

    @Inject
    HttpCallers callers;

    @GET
    public CompletionStage<Response> presence(
            @PathParam("channel") String channel, @Context SecurityContext security, @Context HttpHeaders headers) {
        return callers.of(security, headers)
                .thenApply(caller -> HttpCallers.named(
                                HttpCallers.json(WireWriter.content(connections
                                        .interpreter()
                                        .presence(
                                                caller.identity(),
                                                new Command.Presence(0, channel),
                                                connections.limits().batchSize()))),
                                caller)
                        .build())
                .exceptionally(Problem::of);
    }
}
