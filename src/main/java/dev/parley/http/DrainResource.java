package dev.parley.http;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.CompletionStage;

/**
 * What a deployment's script asks for before it stops the server or takes the application away: that no further client
 * comes and that those who are there go, over a time. For operators. {@code POST} begins it and does not wait;
 * {@code GET} tells how far it is: {@code {"stage":"sending","connections":120}}, in the end {@code drained}. What is
 * acknowledged is in the log already.
 */
@Path("drain")
public class DrainResource {
    @Inject
    Lifecycle node;

    @Inject
    OperatorCheck operators;

    @POST
    public CompletionStage<Response> begin(@Context SecurityContext security, @Context HttpHeaders headers) {
        return operators
                .require(security, headers)
                .thenApply(operator -> {
                    node.beginDrain();
                    return progress(Response.Status.ACCEPTED);
                })
                .exceptionally(Problem::of);
    }

    @GET
    public CompletionStage<Response> progress(@Context SecurityContext security, @Context HttpHeaders headers) {
        return operators
                .require(security, headers)
                .thenApply(operator -> progress(Response.Status.OK))
                .exceptionally(Problem::of);
    }

    private Response progress(Response.Status status) {
        Lifecycle.Progress progress = node.progress();
        String body = Json.createObjectBuilder()
                .add("stage", progress.stage())
                .add("connections", progress.connections())
                .build()
                .toString();
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .entity(body)
                .build();
    }
}
