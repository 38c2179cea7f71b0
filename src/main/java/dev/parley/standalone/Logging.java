package dev.parley.standalone;

import dev.parley.frames.Endpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.Format;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Logs one line a record to the standard error stream, by {@code java.util.logging}, where {@link System.Logger} and the
 * libraries' logs go. Left alone when whoever starts the server configures it by {@code
 * java.util.logging.config.file}.
 */
public final class Logging {
    /** What these tell at INFO is of their inside. */
    private static final List<String> QUIET = List.of(
            "org.glassfish",
            "org.jboss.weld",
            "org.flywaydb",
            "com.zaxxer.hikari",
            "io.smallrye",
            "org.hibernate.validator",
            "jakarta");

    private static final List<String> OF_JDK = List.of("java.", "jdk.", "sun.");

    /** Else a logger that nobody holds is collected, and its level with it. */
    private static final List<Logger> HELD =
            QUIET.stream().map(Logger::getLogger).toList();

    /** Held, since else its filter is forgotten. */
    private static final Logger FAILURES = Logger.getLogger(Endpoints.failureLog());

    /** Where Jersey says, as of an error and with a stack trace, that an answer could not be written. */
    private static final Logger ANSWERS = Logger.getLogger("org.glassfish.jersey.server.ServerRuntime$Responder");

    private static final System.Logger LOGGER = System.getLogger(Logging.class.getName());

    private Logging() {}

    /**
     * However logging is configured, what an endpoint throws is told once, and that a client has gone while it was answered
     * is nobody's failure.
     */
    static void tellFailuresOnce() {
        FAILURES.setFilter(log -> log.getLevel().intValue() > Level.INFO.intValue() || !Endpoints.isCalling());
        ANSWERS.setFilter(log -> !isOfGoneClient(log.getThrown()));
    }

    /** What cannot be read for an answer, such as a file, is of the resource, and Grizzly's connections of the client. */
    private static boolean isOfGoneClient(@Nullable Throwable thrown) {
        boolean gone = Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof IOException && isOfConnection(cause.getStackTrace()));
        if (gone) {
            LOGGER.log(System.Logger.Level.DEBUG, "A client has gone while it was answered", thrown);
        }
        return gone;
    }

    private static boolean isOfConnection(StackTraceElement[] trace) {
        return Arrays.stream(trace)
                .map(StackTraceElement::getClassName)
                .filter(name -> OF_JDK.stream().noneMatch(name::startsWith))
                .findFirst()
                .filter(name -> name.startsWith("org.glassfish.grizzly."))
                .isPresent();
    }

    static void configure() {
        if (isConfigured()) {
            return;
        }
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler console = new ConsoleHandler();
        console.setFormatter(new Line());
        root.addHandler(console);
        quietLibraries();
    }

    /** Only what is wrong is logged of the libraries; left alone likewise. */
    public static void quietLibraries() {
        if (!isConfigured()) {
            HELD.forEach(logger -> logger.setLevel(Level.WARNING));
        }
    }

    private static boolean isConfigured() {
        return System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null;
    }

    /**
     * Time, level, short name of the class, message; a stack trace below it, where there is one. The time is that of the
     * system's zone, but nothing else depends on where the server stands: a log is searched, and compared with another's.
     */
    static final class Line extends Formatter {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                        "yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(ZoneId.systemDefault());
        private static final Pattern PLACE = Pattern.compile("\\{\\d");

        @Override
        public String format(LogRecord log) {
            String name = String.valueOf(log.getLoggerName());
            return TIME.format(Instant.ofEpochMilli(log.getMillis()))
                    + " "
                    + log.getLevel().getName()
                    + " "
                    + name.substring(name.lastIndexOf('.') + 1)
                    + ": "
                    + formatMessage(log)
                    + System.lineSeparator()
                    + trace(log);
        }

        /**
         * Where the super class has it as the locale writes numbers, "1,234" or in digits of its own, a number is
         * plain.
         */
        @Override
        public String formatMessage(LogRecord log) {
            String message = super.formatMessage(withoutParameters(log));
            Object[] parameters = log.getParameters();
            if (parameters == null
                    || parameters.length == 0
                    || !PLACE.matcher(message).find()) {
                return message;
            }
            try {
                MessageFormat form = new MessageFormat(message, Locale.ROOT);
                Format[] formats = form.getFormatsByArgumentIndex();
                Object[] plain = parameters.clone();
                for (int i = 0; i < Math.min(plain.length, formats.length); i++) {
                    plain[i] = formats[i] == null ? String.valueOf(plain[i]) : plain[i];
                }
                return form.format(plain);
            } catch (IllegalArgumentException e) {
                return message; // It was not meant so: the super class says no more either
            }
        }

        /** In the language of its bundle, where it has one. */
        private static LogRecord withoutParameters(LogRecord log) {
            LogRecord bare = new LogRecord(log.getLevel(), log.getMessage());
            bare.setResourceBundle(log.getResourceBundle());
            return bare;
        }

        private static String trace(LogRecord log) {
            if (log.getThrown() == null) {
                return "";
            }
            StringWriter text = new StringWriter();
            log.getThrown().printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }
}
