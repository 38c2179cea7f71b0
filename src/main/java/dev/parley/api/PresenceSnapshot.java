package dev.parley.api;

import dev.parley.protocol.Member;
import dev.parley.protocol.Position;
import java.util.List;

/**
 * Who is on a channel.
 *
 * @param position joins and leaves up to it are taken account of
 * @param count of all; {@code members} holds the longest present, 1,000 at most
 */
public record PresenceSnapshot(Position position, int count, List<Member> members) {
    /** Of a channel on which nobody is. */
    public static final PresenceSnapshot EMPTY = new PresenceSnapshot(Position.NONE, 0, List.of());

    public PresenceSnapshot {
        members = List.copyOf(members);
    }
}
