package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a message says, as bytes with their type, for what is too large to travel with the message.
 *
 * <p>They are whatever a client published and come from our own origin, so a browser must not take them for a page of
 * ours: only pictures that hold no script are shown, all else is offered to be saved, and nothing in it is run (SVG is a
 * picture that may hold a script).
 *
 * <p>A position's bytes never change, so whoever has them keeps them; not a shared cache, which knows no policy.
 */
@Path("channels/{channel}/messages/{position}/content")
public class ContentResource {
    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

    @Inject
    Connections connections;

    @Inject
    Callers callers;

    @GET
    public CompletionStage<Response> content(
            @PathParam("channel") String channel,
            @PathParam("position") String place,
            @Context SecurityContext security,
            @Context HttpHeaders headers) {
        Optional<Position> position = Position.parse(place);
        if (position.isEmpty()) {
            return CompletableFuture.completedFuture(missing());
        }
        String tag = "\"" + position.get() + "\"";
        boolean known = tag.equals(headers.getHeaderString(HttpHeaders.IF_NONE_MATCH));
        // What answers with the bytes writes for as long as the client takes: not on a thread that reads the log.
        return callers.of(security, headers)
                .thenCompose(reader -> connections.channels().content(reader.identity(), channel, position.get()))
                .thenApplyAsync(
                        found -> found.map(body -> answer(body, tag, known)).orElseGet(ContentResource::missing),
                        connections.blocking())
                .exceptionally(Problem::of);
    }

    private static Response answer(Body.Binary body, String tag, boolean known) {
        Response.ResponseBuilder answer = known
                ? Response.notModified()
                : Response.ok(body.bytes().toArray()).type(type(body.type()));
        return answer.header("ETag", tag)
                .header("Cache-Control", "private, max-age=31536000, immutable")
                .header("Content-Security-Policy", "sandbox; default-src 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Disposition", SHOWN.contains(body.type()) ? "inline" : "attachment")
                .build();
    }

    private static MediaType type(String text) {
        try {
            return MediaType.valueOf(text);
        } catch (IllegalArgumentException e) {
            return MediaType.APPLICATION_OCTET_STREAM_TYPE;
        }
    }

    private static Response missing() {
        return Problem.of(ErrorCode.NOT_FOUND, "No message is at this position, or the history no longer holds it.");
    }
}
