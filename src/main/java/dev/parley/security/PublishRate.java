package dev.parley.security;

/**
 * How much may be published of bodies over time, by a connection, by a user, and from an address.
 *
 * @param bytesPerSecond {@code publish-bytes-per-second}, sustained; 0 is no limit
 * @param burst {@code publish-burst}: bytes at once; never less than one message may have; by default 64 MB, or that much if it is more
 */
public record PublishRate(int bytesPerSecond, int burst) {}
