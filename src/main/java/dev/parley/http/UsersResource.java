package dev.parley.http;

import dev.parley.connection.Revocations;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Identity;
import dev.parley.security.Operators;
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
    Operators operators;

    @Inject
    Callers callers;

    @DELETE
    @Path("connections")
    public CompletionStage<Response> disconnect(
            @PathParam("user") String user, @Context SecurityContext security, @Context HttpHeaders headers) {
        return answer(callers.of(security, headers)
                .thenCompose(caller -> revocations.disconnect(operator(caller.identity()), user)));
    }

    @DELETE
    @Path("subscriptions/{channel}")
    public CompletionStage<Response> unsubscribe(
            @PathParam("user") String user,
            @PathParam("channel") String channel,
            @Context SecurityContext security,
            @Context HttpHeaders headers) {
        return answer(callers.of(security, headers)
                .thenCompose(caller -> revocations.unsubscribe(operator(caller.identity()), user, channel)));
    }

    /** Whoever has not said who it is may say so and ask again. */
    private Identity operator(Identity caller) {
        if (operators.includes(caller)) {
            return caller;
        }
        String detail = "Only users with the role " + operators.role() + " may do this (parley.auth.operator-role).";
        throw new RefusedException(caller.isGuest() ? ErrorCode.BAD_CREDENTIALS : ErrorCode.NOT_ALLOWED, detail);
    }

    private static CompletionStage<Response> answer(CompletionStage<Position> stored) {
        return stored.thenApply(position -> Response.noContent().build()).exceptionally(Problem::of);
    }
}
