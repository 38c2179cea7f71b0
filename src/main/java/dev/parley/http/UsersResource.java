package dev.parley.http;

import dev.parley.api.Revocations;
import dev.parley.protocol.Position;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.CompletionStage;

/**
 * What an operator may do about a user: end all connections, so that the user cannot come back with the same token, or
 * one subscription. It is done on every node. Answered with 204 once it is stored, also for a user who is not there: a
 * token may be.
 */
@Path("users/{user}")
public class UsersResource {
    @Inject
    Revocations revocations;

    @Inject
    OperatorCheck operators;

    @DELETE
    @Path("connections")
    public CompletionStage<Response> disconnect(
            @PathParam("user") String user, @Context SecurityContext security, @Context HttpHeaders headers) {
        return answer(
                operators.require(security, headers).thenCompose(operator -> revocations.disconnect(operator, user)));
    }

    @DELETE
    @Path("subscriptions/{channel}")
    public CompletionStage<Response> unsubscribe(
            @PathParam("user") String user,
            @PathParam("channel") String channel,
            @Context SecurityContext security,
            @Context HttpHeaders headers) {
        return answer(operators
                .require(security, headers)
                .thenCompose(operator -> revocations.unsubscribe(operator, user, channel)));
    }

    private static CompletionStage<Response> answer(CompletionStage<Position> stored) {
        return stored.thenApply(position -> Response.noContent().build()).exceptionally(Problem::of);
    }
}
