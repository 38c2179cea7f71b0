package dev.parley.log;

import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import java.time.Instant;
import java.util.Optional;

/**
 * What shall be appended to a channel's log.
 *
 * @param key belongs to {@code from.user()} on this channel
 * @param at kept to the millisecond
 * @param body never a {@link Body.Reference}
 */
public record Publication(String channel, Optional<String> key, Member from, Instant at, Body body) {}
