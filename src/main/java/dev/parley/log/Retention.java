package dev.parley.log;

import java.time.Duration;

/**
 * How much history is kept: what exceeds any of the bounds goes.
 *
 * @param size messages a channel
 * @param age since a message was published
 * @param bytes of bodies a channel; its newest message is kept however large it is
 */
public record Retention(int size, Duration age, long bytes) {
    /** However large the messages are. */
    public Retention(int size, Duration age) {
        this(size, age, Long.MAX_VALUE);
    }
}
