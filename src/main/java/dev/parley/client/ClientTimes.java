package dev.parley.client;

import java.time.Duration;

/**
 * How patient a client is.
 *
 * @param firstPause before the first reconnect; each further pause is up to twice as long, with jitter
 * @param longestPause before a reconnect
 * @param ping after so long without a word from the server it is asked for one; after twice as long it is gone
 */
public record ClientTimes(Duration firstPause, Duration longestPause, Duration ping) {
    /** A quarter of a second, 20 seconds, 25 seconds. */
    public static final ClientTimes DEFAULTS =
            new ClientTimes(Duration.ofMillis(250), Duration.ofSeconds(20), Duration.ofSeconds(25));
}
