package dev.parley.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.json.Json;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionException;

/**
 * An error as problem details (RFC 9457). The member {@code name} is the same as on every other transport, and {@code
 * retry} says whether the same request may succeed later.
 */
final class Problem {
    private static final System.Logger LOGGER = System.getLogger(Problem.class.getName());
    private static final int UNAUTHORIZED = 401;
    private static final String TYPE = "application/problem+json";

    private Problem() {}

    static Response of(ErrorCode code, String detail) {
        String body = Json.createObjectBuilder()
                .add("title", code.sentence())
                .add("status", code.code())
                .add("detail", detail)
                .add("name", code.label())
                .add("retry", code.retry())
                .build()
                .toString();
        Response.ResponseBuilder answer = Response.status(code.code())
                .header("Content-Type", TYPE)
                .header("Cache-Control", "no-store")
                .entity(body);
        // RFC 9110 section 15.5.2
        return (code.code() == UNAUTHORIZED ? answer.header("WWW-Authenticate", "Bearer") : answer).build();
    }

    static Response of(RefusedException refused) {
        return of(refused.code(), refused.reason());
    }

    /** Of what went wrong on another thread. */
    static Response of(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RefusedException refused) {
            return of(refused);
        }
        LOGGER.log(System.Logger.Level.ERROR, "A request failed", cause);
        return of(ErrorCode.INTERNAL, ErrorCode.INTERNAL.sentence());
    }
}
