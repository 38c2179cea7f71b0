package dev.parley.log;

import java.time.Duration;

/**
 * How far a clock may be from where it should be before a log does not judge any age by it.
 *
 * @param skew {@code parley.log.clock-skew}: between this node's clock and the database's; with the embedded database, by
 *     how much the clock may be set while the server runs
 * @param gap {@code parley.log.clock-gap}: between the clock at the start and the time when the embedded database was last
 *     in use
 */
public record ClockLimits(Duration skew, Duration gap) {
    public static final ClockLimits DEFAULT = new ClockLimits(Duration.ofMinutes(1), Duration.ofDays(7));
}
