package dev.parley.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** All that is logged while it is open: of ours and of the library of tokens everything, of others from INFO on. */
public final class CapturedLogs extends Handler implements AutoCloseable {
    private static final Formatter FORMATTER = new SimpleFormatter();

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> shown = new ConcurrentLinkedQueue<>();
    private final Map<Logger, Level> before = new LinkedHashMap<>();

    public CapturedLogs() {
        setLevel(Level.ALL);
        level("dev.parley", Level.ALL);
        level("com.nimbusds", Level.ALL);
        level("", Level.INFO);
        Logger.getLogger("").addHandler(this);
    }

    /** With parameters and stack traces. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Those that are for operators: from INFO on. */
    public List<String> shown() {
        return List.copyOf(shown);
    }

    @Override
    public void publish(LogRecord log) {
        StringWriter text = new StringWriter();
        text.append(FORMATTER.formatMessage(log));
        for (Object parameter : log.getParameters() == null ? new Object[0] : log.getParameters()) {
            text.append(' ').append(String.valueOf(parameter));
        }
        if (log.getThrown() != null) {
            log.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        String line = log.getLoggerName() + ": " + text;
        lines.add(line);
        if (log.getLevel().intValue() >= Level.INFO.intValue()) {
            shown.add(line);
        }
    }

    @Override
    public void flush() {
        // Nothing is held back
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
        before.forEach(Logger::setLevel);
    }

    private void level(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        before.put(logger, logger.getLevel());
        logger.setLevel(level);
    }
}
