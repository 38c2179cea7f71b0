package dev.parley.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Vetoed;
import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.bind.JsonbException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Providers;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A body of which JSON-B or JSON-P cannot make what a team's resource takes is its client's mistake, {@code malformed}: what
 * they throw, and no mapper of the team's takes, would be the resource's failure. Standalone.
 *
 * <p>The hard case: what a resource reads by them itself, such as its own files, throws the same. So it is looked at where the
 * body is read, and not where the failure is answered.
 */
@Vetoed // nobody makes it but who serves with it
@Priority(0) // around a team's own, which see first what is thrown
public class JsonBodies implements ReaderInterceptor {
    private static final System.Logger LOGGER = System.getLogger(JsonBodies.class.getName());

    @Context
    private @Nullable Providers providers;

    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Object body;
        try {
            body = context.proceed();
        } catch (RuntimeException e) {
            if (!isOfJson(e) || isMapped(e.getClass())) {
                throw e;
            }
            LOGGER.log(System.Logger.Level.DEBUG, "A body cannot be read as the resource takes it", e);
            throw malformed();
        }
        // JSON-P reads an array too where an object is asked for
        if (body instanceof JsonValue
                && JsonValue.class.isAssignableFrom(context.getType())
                && !context.getType().isInstance(body)) {
            throw malformed();
        }
        return body;
    }

    private static RefusedException malformed() {
        return new RefusedException(
                ErrorCode.MALFORMED, "The body is not JSON, or not of the form that is asked for here.");
    }

    private static boolean isOfJson(Throwable failure) {
        boolean found = false;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) { // it did not come
                return false;
            }
            found |= cause instanceof JsonException || cause instanceof JsonbException;
        }
        return found;
    }

    private boolean isMapped(Class<? extends Throwable> thrown) {
        ExceptionMapper<?> mapper = providers == null ? null : providers.getExceptionMapper(thrown);
        return mapper != null && !(mapper instanceof FailureMapper);
    }
}
