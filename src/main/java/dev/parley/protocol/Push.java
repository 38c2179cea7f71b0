package dev.parley.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the server sends unasked for. */
public sealed interface Push extends FromServer {

    /** What belongs to a channel, and goes to who reads it. */
    sealed interface OfChannel extends Push permits Message, Unreadable, Join, Leave, Members, Lost, Forgotten, Ended {
        /** By its name. */
        String channel();
    }

    /** A user is on the channel now, or there by another name. One user with three connections is one member. */
    record Join(String channel, Member member, Position presence) implements OfChannel {}

    /** A user has been off the channel for the time of grace. */
    record Leave(String channel, Member member, Position presence) implements OfChannel {}

    /** How many are on a channel that has too many members to tell each join and leave. */
    record Members(String channel, int count, Position presence) implements OfChannel {}

    /**
     * Messages that the history no longer holds, so that this client will never see them.
     *
     * @param range what is gone; empty when the channel's epoch changed and nobody can tell
     */
    record Lost(String channel, Optional<Range> range) implements OfChannel {}

    /**
     * Messages that this client has, or may have, and that the log has forgotten: acknowledged by a database whose
     * successor did not have them. What follows comes after them for this client, at positions of another epoch.
     *
     * @param range what is forgotten; both positions are of the epoch that the client knows
     * @param ancestors of the channel's epoch, as {@link Lineage}
     */
    record Forgotten(String channel, Range range, List<Lineage.Ancestor> ancestors) implements OfChannel {
        public Forgotten {
            ancestors = List.copyOf(ancestors);
        }
    }

    /**
     * The messages between two positions, both exclusive.
     *
     * @param after the last message that the client has
     * @param before the oldest message that is still there
     */
    record Range(Position after, Position before) {}

    /**
     * A message that this client cannot read; what follows it is read on. No server says it.
     *
     * @param reason what is wrong with it
     */
    record Unreadable(String channel, Position position, String reason) implements OfChannel {}

    /** A subscription that the server ended, as when the right to it was withdrawn. */
    record Ended(String channel, ErrorCode code) implements OfChannel {}

    /**
     * The last word before the connection closes with the same code.
     *
     * @param within seconds, over which those who are told so come back, each at a moment by chance
     */
    record Disconnect(DisconnectCode code, OptionalInt within) implements Push {
        /** Where the client says itself when it comes back, or does not. */
        public Disconnect(DisconnectCode code) {
            this(code, OptionalInt.empty());
        }
    }
}
