package dev.parley.testing;

import java.time.Duration;

/**
 * How bad the weather of a {@link ChaosProxy} is. A connection lives for a while, then something befalls it; what does not
 * end it, it outlives, and lives on for another while.
 *
 * @param shortestLife, longestLife between two troubles of a connection
 * @param longestStall for which nothing is carried, one way or both
 * @param longestDelay by which each read is held back, for as long as a stall may last
 */
public record ChaosStorm(Duration shortestLife, Duration longestLife, Duration longestStall, Duration longestDelay) {
    /** Lives of 20 ms (less than a handshake) to 3 s, stalls of up to 2 s, delays of up to 60 ms. */
    public static final ChaosStorm DEFAULTS =
            new ChaosStorm(Duration.ofMillis(20), Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(60));

    public ChaosStorm withLongestLife(Duration life) {
        return new ChaosStorm(shortestLife, life, longestStall, longestDelay);
    }

    public ChaosStorm withLongestStall(Duration stall) {
        return new ChaosStorm(shortestLife, longestLife, stall, longestDelay);
    }
}
