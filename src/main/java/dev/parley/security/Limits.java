package dev.parley.security;

import java.time.Duration;

/**
 * What one client may ask of the server; the settings {@code parley.limits.*}.
 *
 * @param commandsPerSecond {@code commands-per-second}, sustained; 0 is no limit
 * @param burst {@code burst}: commands at once; never less than a full resume needs
 * @param subscriptions {@code subscriptions} of one connection
 * @param messageSize {@code message-size}: bytes of one message, either way
 * @param inlineSize {@code inline-size}: bytes up to which content travels in its message
 * @param batchSize {@code batch-size}: bytes of one batch of several messages
 * @param sendTimeout {@code send-timeout}: how long one send may stay untaken
 * @param publishesUnderWay {@code publishes-under-way} of one connection: sent and not yet committed
 * @param repliesUnread {@code replies-unread}: bytes of replies waiting for a connection that does not read
 * @param connections {@code connections} in all; 0 is no limit
 * @param connectionsPerAddress {@code connections-per-address}; 0 is no limit
 * @param handshakeTimeout {@code handshake-timeout}: from the connection's start to the handshake's end
 * @param publishRate {@code publish-bytes-per-second} and {@code publish-burst}
 */
public record Limits(
        int commandsPerSecond,
        int burst,
        int subscriptions,
        int messageSize,
        int inlineSize,
        int batchSize,
        Duration sendTimeout,
        int publishesUnderWay,
        int repliesUnread,
        int connections,
        int connectionsPerAddress,
        Duration handshakeTimeout,
        PublishRate publishRate) {

    /**
     * Bytes of a message or body that must come within each {@code parley.limits.body-timeout}, or its end: half a
     * kilobyte a second by default.
     */
    public static final int LEAST_PROGRESS = 16 * 1024;

    /** The defaults, as written down in README. */
    public static final Limits DEFAULTS = new Limits(
            1_000,
            2_000,
            256,
            5 * 1024 * 1024,
            64 * 1024,
            32 * 1024,
            Duration.ofSeconds(30),
            256,
            256 * 1024,
            20_000,
            0,
            Duration.ofSeconds(10),
            new PublishRate(2 * 1024 * 1024, 64 * 1024 * 1024));
}
