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
 * @param waiting where it waits till it is appended; empty for what comes from a publisher
 */
public record Publication(
        String channel, Optional<String> key, Member from, Instant at, Body body, Optional<Place> waiting) {

    /**
     * A place of the store that the log is in, of which only the store knows more. A publication is appended only if it is
     * still there, and leaves it in the same transaction.
     */
    public interface Place {}

    public Publication(String channel, Optional<String> key, Member from, Instant at, Body body) {
        this(channel, key, from, at, body, Optional.empty());
    }
}
