package dev.parley.standalone;

import dev.parley.log.LogException;
import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import dev.parley.transaction.Transactions;
import jakarta.enterprise.inject.spi.DeploymentException;
import java.util.Objects;
import org.flywaydb.core.api.FlywayException;
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
            if (cause instanceof LogException || cause instanceof FlywayException) {
                return new StartException(
                        "The database, " + settings.database().description() + ", cannot be used: " + innermost(cause),
                        failure);
            }
            if (cause instanceof DeploymentException) {
                return new StartException("The beans do not fit together: " + hinted(cause), failure);
            }
        }
        return failure;
    }

    /** CDI tells the place, over several lines. */
    private static String hinted(Throwable failure) {
        String text = Objects.requireNonNullElse(failure.getMessage(), failure.toString())
                .strip()
                .replaceAll("\\s+", " ");
        return text.contains("type DataSource")
                ? text + " For a connection and a transaction, inject " + Transactions.class.getName() + "."
                : text;
    }

    /** What the innermost cause that says anything says. */
    private static String innermost(Throwable failure) {
        String text = failure.toString();
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text = Objects.requireNonNullElse(cause.getMessage(), text);
        }
        return text;
    }
}
