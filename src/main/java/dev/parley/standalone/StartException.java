package dev.parley.standalone;

import dev.parley.log.LogException;
import dev.parley.server.SettingException;
import dev.parley.server.Settings;
import org.jspecify.annotations.Nullable;

/** The server cannot start; the message is one sentence for whoever starts it. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What went wrong when the beans were made: CDI wraps it, sometimes more than once. */
    static RuntimeException of(RuntimeException failure, Settings settings) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingException told) {
                return told;
            }
            if (cause instanceof LogException) {
                return new StartException(
                        "The database, " + settings.database().description() + ", cannot be used: "
                                + innermost(cause).getMessage(),
                        failure);
            }
        }
        return failure;
    }

    private static Throwable innermost(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost;
    }
}
