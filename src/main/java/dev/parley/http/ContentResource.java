package dev.parley.http;

import dev.parley.connection.Connections;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.WireWriter;
import dev.parley.security.Credentials;
import dev.parley.security.Identities;
import dev.parley.security.Identity;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A binary message's bytes, with its type; pushes name it where the bytes are too many to come along.
 *
 * <p>The bytes are a stranger's, and this is the pages' own origin. So a browser is told to run nothing that is in them
 * (a sandbox without scripts, and no guessing of types), and to save what is no image instead of showing it.
 */
@Path("channels/{channel}/messages/{position}/content")
public class ContentResource {
    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
    private static final long SECONDS = 20;

    @Inject
    Connections connections;

    @GET
    public Response content(
            @PathParam("channel") String channel,
            @PathParam("position") String position,
            @Context SecurityContext security)
            throws InterruptedException {
        try {
            return answer(read(reader(security), channel, position));
        } catch (RefusedException e) {
            return failed(e);
        }
    }

    private CompletionStage<Identity> reader(SecurityContext security) {
        Optional<String> principal =
                Optional.ofNullable(security.getUserPrincipal()).map(Principal::getName);
        Credentials shown = new Credentials(principal, Optional.empty(), Optional.empty(), Optional.empty());
        return connections.identities().identify(shown).thenApply(Identities.Identified::identity);
    }

    /** Waits on the request's own thread: the log's threads must not be those that write to a client. */
    private Body.Binary read(CompletionStage<Identity> reader, String channel, String position)
            throws InterruptedException {
        Position place = Position.parse(position).orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND));
        try {
            return reader.thenCompose(identity -> connections.channels().content(identity, channel, place))
                    .toCompletableFuture()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : new RefusedException(ErrorCode.INTERNAL);
        } catch (TimeoutException e) {
            throw new RefusedException(ErrorCode.UNAVAILABLE);
        }
    }

    private static Response answer(Body.Binary body) {
        byte[] bytes = new byte[body.bytes().size()];
        body.bytes().asBuffer().get(bytes);
        Response.ResponseBuilder answer = Response.ok(bytes, type(body.type()))
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=86400, immutable");
        if (!SHOWN.contains(body.type())) {
            answer.header(HttpHeaders.CONTENT_DISPOSITION, "attachment");
        }
        return answer.build();
    }

    /** A publisher may have said a type that is printable and still none. */
    private static MediaType type(String type) {
        try {
            return MediaType.valueOf(type);
        } catch (IllegalArgumentException e) {
            return MediaType.APPLICATION_OCTET_STREAM_TYPE;
        }
    }

    private static Response failed(RefusedException reason) {
        Reply reply = new Reply.Failed(OptionalLong.empty(), reason.code(), reason.reason());
        return Response.status(reason.code().code())
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(WireWriter.write(reply))
                .build();
    }
}
