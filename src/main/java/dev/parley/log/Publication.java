package dev.parley.log;

import dev.parley.protocol.Body;
import dev.parley.protocol.Member;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What shall be appended to a channel's log.
 *
 * @param key belongs to {@code from.user()} on this channel
 * @param at kept to the millisecond
 * @param body never a {@link Body.Reference}
 * @param outboxRow where it waits in the {@link JdbcOutbox}: it is appended only if that row is still there, and the row
 *     goes in the same transaction
 */
public record Publication(
        String channel, Optional<String> key, Member from, Instant at, Body body, OptionalLong outboxRow) {

    public Publication(String channel, Optional<String> key, Member from, Instant at, Body body) {
        this(channel, key, from, at, body, OptionalLong.empty());
    }
}
