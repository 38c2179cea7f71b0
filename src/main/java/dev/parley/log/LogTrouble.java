package dev.parley.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of a store's trouble once when it comes and once when it is over, whoever runs into it and however often: the
 * writer, the trimmer, whoever looks after its health. Thread-safe.
 *
 * <p>The hard case: a database that can only be read. Every publish, every step of the trimmer and every look of a health
 * check fails, each with another message; that is one trouble, and told as that of the writer.
 */
public final class LogTrouble {
    /** The trouble that matters most, and is told beside any other. */
    public static final String WRITING = "The log cannot be written";

    private static final Logger LOGGER = System.getLogger(LogTrouble.class.getName());
    private static final long SILENCE = Duration.ofMinutes(1).toNanos();

    private record Failure(String message, boolean told) {}

    private record Told(String message, long at) {}

    // Guarded by this, both by what cannot be done.
    private final Map<String, Failure> failing = new HashMap<>();
    private final Map<String, Told> last = new HashMap<>();

    /**
     * It was tried in vain.
     *
     * @param what cannot be done: a sentence, always the same
     */
    public void failed(String what, LogException failure) {
        String message = String.valueOf(failure.getMessage());
        if (isNews(what, message)) {
            LOGGER.log(Level.WARNING, what + "; that is not said again until it is over", failure);
        } else {
            LOGGER.log(Level.DEBUG, what, failure);
        }
    }

    /** It was done. */
    public void succeeded(String what) {
        if (isOver(what)) {
            LOGGER.log(Level.INFO, "No longer so: {0}", what);
        }
    }

    /** Why it cannot be done, if so. */
    public synchronized Optional<String> why(String what) {
        return Optional.ofNullable(failing.get(what)).map(Failure::message);
    }

    /** What comes and goes is not told more than once a minute. */
    private synchronized boolean isNews(String what, String message) {
        Failure before = failing.get(what);
        Told told = last.get(what);
        boolean again = told != null && told.message().equals(message) && System.nanoTime() - told.at() < SILENCE;
        boolean news = before == null && !again && (failing.isEmpty() || what.equals(WRITING));
        if (news) {
            last.put(what, new Told(message, System.nanoTime()));
        }
        failing.put(what, new Failure(message, news || (before != null && before.told())));
        return news;
    }

    private synchronized boolean isOver(String what) {
        Failure over = failing.isEmpty() ? null : failing.remove(what);
        return over != null && over.told();
    }
}
