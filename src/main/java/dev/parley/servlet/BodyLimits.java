package dev.parley.servlet;

import java.time.Duration;

/**
 * How the bodies of requests may come in the WAR; standalone the {@code BodyFilter} has the same limits.
 *
 * @param timeout {@code parley.limits.body-timeout}: within each such time some of it must come, or its end
 */
public record BodyLimits(Duration timeout) {}
