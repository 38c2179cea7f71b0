package dev.parley.servlet;

import java.time.Duration;

/**
 * How the bodies of requests may come in the WAR; standalone the {@code BodyFilter} has the same limits.
 *
 * @param timeout {@code parley.limits.body-timeout}: within each such time some of it must come, or its end
 * @param unfinished {@code parley.limits.unfinished-size}: bytes of all that have not come whole
 */
public record BodyLimits(Duration timeout, long unfinished) {}
