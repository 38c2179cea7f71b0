package dev.parley.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a {@link LogWriter} is doing, for health checks and metrics.
 *
 * @param queued publications that wait
 * @param queuedBytes what they hold
 * @param batches committed since the start
 * @param messages appended since the start
 * @param available whether the last attempt at the log succeeded; also true before the first
 * @param trying for how long the log has not answered the attempt that is under way; zero when none is
 * @param lastCommit when a batch was last committed
 * @param lastFailure why the log last was not available, whether or not it is again
 */
public record WriterStatus(
        int queued,
        long queuedBytes,
        long batches,
        long messages,
        boolean available,
        Duration trying,
        Optional<Instant> lastCommit,
        Optional<Failure> lastFailure) {

    /** When the log could not be written, and what it said. */
    public record Failure(Instant at, String message) {}
}
