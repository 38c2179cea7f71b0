package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Json;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.WireWriter;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Publishing. That the body says what it is was seen to before, in {@link Api}. A body of JSON is the message's data, one of any other type its bytes. The answer comes when the message is
 * committed; the same {@code Idempotency-Key} again is answered with the same position.
 */
@Path("channels/{channel}/messages")
public class MessagesResource {
    private static final String KEY = "Idempotency-Key";
    private static final int CREATED = 201;

    @Inject
    Connections connections;

    @Inject
    Callers callers;

    @Inject
    Bodies bodies;

    @POST
    public CompletionStage<Response> publish(
            @PathParam("channel") String channel,
            @Context SecurityContext security,
            @Context HttpHeaders headers,
            InputStream content) {
        try {
            Optional<String> key = key(headers);
            String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
            Body body = body(type, bodies.read(content, headers.getHeaderString(HttpHeaders.CONTENT_LENGTH)));
            return callers.of(security, headers)
                    .thenCompose(visitor -> connections
                            .channels()
                            .publish(visitor.identity(), channel, key, body)
                            .thenApply(position -> published(visitor, channel, position, body)))
                    .exceptionally(Problem::of);
        } catch (RefusedException e) {
            return CompletableFuture.completedFuture(Problem.of(e));
        }
    }

    private static Optional<String> key(HttpHeaders headers) {
        List<String> keys = headers.getRequestHeader(KEY);
        if (keys != null && keys.size() > 1) {
            throw new RefusedException(ErrorCode.INVALID_NAME, "The request has more than one header " + KEY + ".");
        }
        return Names.requireKey(
                Optional.ofNullable(keys).flatMap(all -> all.stream().findFirst()));
    }

    private static Body body(String type, Bytes bytes) {
        return ContentType.isJson(type)
                ? new Body.Json(Json.compact(ContentType.text(type, bytes)))
                : new Body.Binary(type, bytes);
    }

    private static Response published(Visitor visitor, String channel, Position position, Body body) {
        // Relative to the request's own address (RFC 9110 section 10.2.2): a proxy may have another name for it
        String location = body instanceof Body.Binary
                ? "messages/" + position + "/content"
                : "messages?after=" + position.at(position.offset() - 1) + "&limit=1";
        Response.ResponseBuilder answer = Response.status(CREATED)
                .header(HttpHeaders.LOCATION, location)
                .header(HttpHeaders.CONTENT_TYPE, "application/json")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(WireWriter.content(new Reply.Published(0, channel, position)) + "\n");
        return Callers.named(answer, visitor).build();
    }
}
