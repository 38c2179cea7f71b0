package dev.parley.http;

import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.security.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as problem details (RFC 9457). The member {@code name} is the same as on every other transport, and {@code
 * retry} says whether the same request may succeed later.
 *
 * @param status of HTTP (RFC 9110 section 15): the code's, but where HTTP has one of its own for it, such as 405
 */
public record Problem(ErrorCode code, int status, String detail) {
    private static final FailureLog FAILURES =
            FailureLog.ofEach(System.getLogger(Problem.class.getName()), System.Logger.Level.ERROR);

    /** To look for a provider of JSON each time costs a thousand times the few lines that a refusal is. */
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    private static final String TYPE = "application/problem+json";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int INSUFFICIENT_STORAGE = 507;

    /** RFC 9110 section 11.6.1 asks for one; RFC 6750 section 3 has its form. */
    private static final String CHALLENGE = "Bearer error=\"invalid_token\"";

    private static final String SECONDS_TO_RETRY = "1";

    /** On the wire it is about messages of JSON. */
    private static final String MALFORMED = "The request is not of the form that is asked for here.";

    Problem(ErrorCode code, String detail) {
        this(code, code.code(), detail);
    }

    static Response of(ErrorCode code, String detail) {
        return new Problem(code, detail).response();
    }

    /** Of what went wrong, perhaps on another thread. */
    static Response of(Throwable failure) {
        return from(failure).response();
    }

    /** @param asked what has failed, as the log names it where it is not the client that is wrong */
    public static Response of(FailureLog log, String asked, Throwable failure) {
        return from(log, asked, failure).response();
    }

    /** Of a request that is refused before it is looked at further. */
    public static Problem of(Refusal refusal) {
        ErrorCode code = switch (refusal.status()) {
            case FORBIDDEN -> ErrorCode.NOT_ALLOWED;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case TOO_LARGE -> ErrorCode.TOO_LARGE;
            case TOO_MANY -> ErrorCode.TOO_MANY_COMMANDS;
            case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
            default -> ErrorCode.MALFORMED;
        };
        return new Problem(code, refusal.status(), refusal.sentence());
    }

    static Problem from(Throwable failure) {
        return from(FAILURES, "A request", failure);
    }

    private static Problem from(FailureLog log, String asked, Throwable failure) {
        RefusedException refused = RefusedException.in(failure).orElseGet(() -> {
            log.failed("A request", asked + " has failed", failure);
            return new RefusedException(ErrorCode.INTERNAL);
        });
        return new Problem(refused.code(), refused.reason());
    }

    /** JSON. */
    public String body() {
        return JSON.createObjectBuilder()
                .add("title", code == ErrorCode.MALFORMED ? MALFORMED : code.sentence())
                .add("status", status)
                .add("detail", detail)
                .add("name", code.label())
                .add("retry", code.retry())
                .build()
                .toString();
    }

    /** Those that go with it. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", TYPE);
        headers.put("Cache-Control", "no-store");
        if (status == UNAUTHORIZED) {
            headers.put("WWW-Authenticate", CHALLENGE);
        }
        if (status == TOO_MANY || status == UNAVAILABLE || status == INSUFFICIENT_STORAGE) {
            headers.put("Retry-After", SECONDS_TO_RETRY);
        }
        return headers;
    }

    private Response response() {
        Response.ResponseBuilder answer = Response.status(status).entity(body());
        headers().forEach(answer::header);
        return answer.build();
    }
}
