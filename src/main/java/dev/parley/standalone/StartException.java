package dev.parley.standalone;

import dev.parley.api.Transactions;
import dev.parley.log.LogException;
import dev.parley.server.NodeProducer;
import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import jakarta.enterprise.inject.spi.DeploymentException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** The server cannot start; the message is one sentence for whoever starts it. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final List<String> CDI = List.of("org.jboss.weld.", "jakarta.enterprise.");

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What went wrong when the beans were made, or told of the start: CDI wraps it, sometimes more than once. */
    static RuntimeException of(Throwable failure, Settings settings) {
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
        return ofTeam(failure);
    }

    /** A bean, an observer or an extension has failed: where, and what it says. */
    private static StartException ofTeam(Throwable failure) {
        Throwable thrown = failure;
        for (@Nullable Throwable cause = failure; cause != null && isOfCdi(thrown); cause = cause.getCause()) {
            thrown = cause;
        }
        String what = oneLine(thrown.toString());
        String innermost = oneLine(innermost(thrown));
        String why = what.contains(innermost) ? what : what + " (" + innermost + ")";
        String where = place(thrown).map(place -> place + " has failed: ").orElse("");
        return new StartException("The server does not start. " + where + why, failure);
    }

    private static boolean isOfCdi(Throwable failure) {
        return failure instanceof InvocationTargetException
                || CDI.stream().anyMatch(failure.getClass().getName()::startsWith);
    }

    /** The method that CDI has called last; where that is ours, which asks a team's beans, what it has called in the end. */
    private static Optional<StackTraceElement> place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return IntStream.range(0, trace.length - 1)
                .filter(i -> !isOfJdk(trace[i]) && isOfJdk(trace[i + 1]) && isReflective(trace[i + 1]))
                .mapToObj(i -> trace[i])
                .findFirst()
                .filter(line -> !line.getClassName().equals(NodeProducer.class.getName()))
                .or(() -> Arrays.stream(trace).filter(line -> !isOfJdk(line)).findFirst());
    }

    private static boolean isReflective(StackTraceElement line) {
        return line.getClassName().contains(".reflect.");
    }

    private static boolean isOfJdk(StackTraceElement line) {
        return line.getClassName().startsWith("java.") || line.getClassName().startsWith("jdk.");
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** CDI tells the place, over several lines. */
    private static String hinted(Throwable failure) {
        String text = oneLine(Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
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
