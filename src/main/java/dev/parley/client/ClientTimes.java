package dev.parley.client;

import java.time.Duration;

/**
 * How patient a client is.
 *
 * @param firstPause before the first reconnect; each further pause is up to twice as long, half of it by chance
 * @param longestPause before a reconnect
 * @param connect for a connection to be there, from asking for the token to being let in; then it is
 *     given up and tried again
 * @param ping after so long without a word from the server it is asked for one; after twice as long it is gone
 * @param flush for which {@link ParleyClient#close} waits for what was published
 */
public record ClientTimes(Duration firstPause, Duration longestPause, Duration connect, Duration ping, Duration flush) {
    /** A quarter of a second, 20 seconds, 15 seconds, 25 seconds, 5 seconds. */
    public static final ClientTimes DEFAULTS = new ClientTimes(
            Duration.ofMillis(250),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            Duration.ofSeconds(25),
            Duration.ofSeconds(5));

    public ClientTimes withPauses(Duration first, Duration longest) {
        return new ClientTimes(first, longest, connect, ping, flush);
    }

    public ClientTimes withConnect(Duration most) {
        return new ClientTimes(firstPause, longestPause, most, ping, flush);
    }

    public ClientTimes withPing(Duration quiet) {
        return new ClientTimes(firstPause, longestPause, connect, quiet, flush);
    }

    public ClientTimes withFlush(Duration most) {
        return new ClientTimes(firstPause, longestPause, connect, ping, most);
    }
}
