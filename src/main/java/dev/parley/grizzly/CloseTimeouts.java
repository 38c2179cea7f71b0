package dev.parley.grizzly;

import java.time.Duration;

/**
 * How patient the server is with clients whose connection ends.
 *
 * @param farewell to read what is left and to answer a close frame; and when the server stops, for a request to be answered
 * @param silence of a client that is still sending when it has been refused; then it is cut off
 */
public record CloseTimeouts(Duration farewell, Duration silence) {
    /** 5 seconds, 2 seconds. */
    public static final CloseTimeouts DEFAULTS = new CloseTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(2));
}
