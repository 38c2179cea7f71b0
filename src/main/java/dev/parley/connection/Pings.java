package dev.parley.connection;

import java.time.Duration;

/**
 * How a dead peer is found; the settings {@code parley.ping.*}. The containers' own heartbeats will not do: Tyrus sends
 * Pongs, which nobody answers.
 *
 * @param interval {@code interval}: after so long without a word from the client it is pinged
 * @param timeout {@code timeout}: when it has not answered by then, it is gone
 * @param held for how long a client that reads by one request after the other is there without one, and cannot be pinged;
 *     no key sets it
 */
public record Pings(Duration interval, Duration timeout, Duration held) {
    public static final Pings DEFAULTS =
            new Pings(Duration.ofSeconds(25), Duration.ofSeconds(15), Duration.ofSeconds(20));
}
