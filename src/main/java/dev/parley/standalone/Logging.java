package dev.parley.standalone;

import dev.parley.frames.Endpoints;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.Format;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;

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

    /** Else a logger that nobody holds is collected, and its level with it. */
    private static final List<Logger> HELD =
            QUIET.stream().map(Logger::getLogger).toList();

    /** Held, since else its filter is forgotten. */
    private static final Logger FAILURES = Logger.getLogger(Endpoints.failureLog());

    private Logging() {}

    /** However logging is configured, what an endpoint throws is told once. */
    static void tellFailuresOnce() {
        FAILURES.setFilter(log -> log.getLevel().intValue() > Level.INFO.intValue() || !Endpoints.isCalling());
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
