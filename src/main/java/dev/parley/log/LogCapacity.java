package dev.parley.log;

import dev.parley.protocol.Names;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether the log may grow further: as it was last measured, and by what this node has appended since. Thread-safe;
 * asking costs nothing.
 *
 * <p>The hard case: the log is full. Publishers are told so, with a word that they may try again; readers read on, and the
 * trimmer goes on taking away what is past its retention, until a measure shows that there is room again.
 */
public final class LogCapacity {
    private static final Logger LOGGER = System.getLogger(LogCapacity.class.getName());
    private static final long MEGABYTE = 1L << 20;

    private final SpaceLimits limits;
    private final AtomicLong appended = new AtomicLong();
    private volatile Measure last = new Measure(0, OptionalLong.empty(), 0);
    private volatile boolean told;

    /**
     * What the store holds.
     *
     * @param used bytes, as {@link SpaceLimits#maxSize} counts them
     * @param free bytes of its disk; empty where that is not this machine's
     * @param appended as {@link #appended} said before it was measured
     */
    public record Measure(long used, OptionalLong free, long appended) {}

    public LogCapacity(SpaceLimits limits) {
        this.limits = limits;
    }

    /** Of a log that grows as it likes. */
    public static LogCapacity unlimited() {
        return new LogCapacity(SpaceLimits.NONE);
    }

    /** Why nothing can be appended just now, a sentence for publishers and operators; empty when there is room. */
    public Optional<String> full() {
        Measure measure = last;
        if (measure.used() + appended.get() - measure.appended() >= limits.maxSize()) {
            return Optional.of(
                    "The log is full: it holds " + limits.maxSize() / MEGABYTE + " MB (parley.log.max-size).");
        }
        return measure.free().orElse(Long.MAX_VALUE) < limits.freeSpace()
                ? Optional.of("The log is full: of its disk less than " + limits.freeSpace() / MEGABYTE
                        + " MB are free (parley.log.free-space).")
                : Optional.empty();
    }

    /** Why this one is not to be appended; what waits in the store already, or is the server's own, is. */
    public Optional<String> refusal(Publication publication) {
        boolean exempt = publication.waiting().isPresent()
                || Names.namespace(publication.channel()).equals(limits.exempt());
        return exempt ? Optional.empty() : full();
    }

    /** This node has appended a message with so many bytes. */
    public void add(long bytes) {
        appended.addAndGet(bytes + SpaceLimits.ENTRY);
    }

    /** By how much this node has let the log grow since it started. */
    public long appended() {
        return appended.get();
    }

    public void measured(Measure measure) {
        last = measure;
        report(full());
    }

    /** Once when it is full and once when it is not any more. */
    private void report(Optional<String> full) {
        if (full.isPresent() && !told) {
            LOGGER.log(Level.WARNING, "{0} Nothing can be published until it is trimmed.", full.get());
        } else if (full.isEmpty() && told) {
            LOGGER.log(Level.INFO, "The log has room again");
        }
        told = full.isPresent();
    }
}
