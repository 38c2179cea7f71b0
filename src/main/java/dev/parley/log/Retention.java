package dev.parley.log;

import java.time.Duration;

/**
 * How much history is kept: what exceeds either bound goes.
 *
 * @param size messages a channel
 * @param age since a message was published
 */
public record Retention(int size, Duration age) {}
