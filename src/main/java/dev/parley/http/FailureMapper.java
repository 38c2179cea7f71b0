package dev.parley.http;

import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Vetoed;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Providers;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a team's resource throws, or its stage fails with, and no mapper of its own takes: one warning with its cause, and
 * problem details that say nothing of it. What Jakarta REST answers by itself has problem details too, as with us. Standalone:
 * an application server has a log and answers of its own for it.
 *
 * <p>The hard case: where no mapper takes what a stage wraps, Jersey asks for one of its cause, and where there is none at
 * all it has answers of its own. This one takes everything, so that it has to ask in its place.
 */
@Vetoed // nobody makes it but who serves with it
@Priority(Integer.MAX_VALUE)
public class FailureMapper implements ExceptionMapper<Throwable> {
    private static final FailureLog FAILURES =
            FailureLog.ofEach(System.getLogger(FailureMapper.class.getName()), System.Logger.Level.WARNING);

    /** Without a body. */
    private static final Set<Integer> OF_JAKARTA_REST = Set.of(400, 404, 405, 406, 415);

    private static final ProblemMapper PROBLEMS = new ProblemMapper();

    private final Predicate<Throwable> isUnreadable;

    @Context
    private @Nullable UriInfo uri;

    @Context
    private @Nullable Request request;

    @Context
    private @Nullable Providers providers;

    /** @param isUnreadable whether it is of a header of the client's, as the implementation of Jakarta REST throws it */
    public FailureMapper(Predicate<Throwable> isUnreadable) {
        this.isUnreadable = isUnreadable;
    }

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof WebApplicationException answered) {
            return OF_JAKARTA_REST.contains(answered.getResponse().getStatus())
                    ? PROBLEMS.toResponse(answered)
                    : answered.getResponse();
        }
        if (isUnreadable.test(failure)) {
            return Problem.of(
                    FAILURES,
                    asked(),
                    new RefusedException(ErrorCode.MALFORMED, "A header of the request cannot be read."));
        }
        return failure instanceof CompletionException && failure.getCause() != null
                ? ofCause(failure.getCause())
                : Problem.of(FAILURES, asked(), failure);
    }

    @SuppressWarnings("unchecked") // it is the mapper of that class
    private <T extends Throwable> Response ofCause(T cause) {
        ExceptionMapper<T> mapper =
                providers == null ? null : (ExceptionMapper<T>) providers.getExceptionMapper(cause.getClass());
        return mapper == null ? toResponse(cause) : mapper.toResponse(cause);
    }

    /** As it came: decoded, a path may hold line breaks. */
    private String asked() {
        return (request == null ? "A request" : request.getMethod())
                + (uri == null ? "" : " " + uri.getRequestUri().getRawPath());
    }
}
