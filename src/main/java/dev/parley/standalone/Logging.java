package dev.parley.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Logs one line a record to the standard error stream, by {@code java.util.logging}, where {@link System.Logger} and the
 * libraries' logs go. Left alone when whoever starts the server configures it by {@code
 * java.util.logging.config.file}.
 */
final class Logging {
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

    private Logging() {}

    static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler console = new ConsoleHandler();
        console.setFormatter(new Line());
        root.addHandler(console);
        HELD.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /** Time, level, short name of the class, message; a stack trace below it, where there is one. */
    private static final class Line extends Formatter {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

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
