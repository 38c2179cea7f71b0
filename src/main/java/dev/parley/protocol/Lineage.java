package dev.parley.protocol;

import java.util.List;
import java.util.Optional;

/**
 * The epochs of a channel's log. Each is a branch that goes on with the offsets where it left the one before: after a
 * failover to a database that had the messages up to 10, the next message is the 11th, of another epoch than an 11th
 * that only the database before had.
 *
 * @param epoch the present one; {@link Position#NO_EPOCH} before a channel's first message
 * @param ancestors the oldest first, their ends rising; those whose messages are no longer retained are left out
 */
public record Lineage(String epoch, List<Ancestor> ancestors) {
    /** Of a channel to which nothing was ever published. */
    public static final Lineage NONE = of(Position.NO_EPOCH);

    /**
     * An epoch that another one has followed.
     *
     * @param end the offset of its last message that the log still knows, or knew when it was trimmed
     */
    public record Ancestor(String epoch, long end) {
        /** Of that last message. */
        public Position position() {
            return new Position(epoch, end);
        }
    }

    public Lineage {
        ancestors = List.copyOf(ancestors);
        long before = -1;
        for (Ancestor ancestor : ancestors) {
            if (ancestor.end() <= before) {
                throw new IllegalArgumentException("the ends of epochs do not rise: " + ancestors);
            }
            before = ancestor.end();
        }
    }

    /** Of an epoch without ancestors. */
    public static Lineage of(String epoch) {
        return new Lineage(epoch, List.of());
    }

    /** The position that the message at this offset was acknowledged at. */
    public Position at(long offset) {
        for (Ancestor ancestor : ancestors) {
            if (offset <= ancestor.end()) {
                return new Position(ancestor.epoch(), offset);
            }
        }
        return new Position(epoch, offset);
    }

    /**
     * The last place that a position's branch has in common with this log: the position itself, or where this log left the
     * position's epoch before it came so far. Empty when this log knows nothing of that epoch.
     */
    public Optional<Position> common(Position position) {
        if (position.epoch().equals(epoch)) {
            return Optional.of(position);
        }
        for (Ancestor ancestor : ancestors) {
            if (ancestor.epoch().equals(position.epoch())) {
                return Optional.of(position.offset() <= ancestor.end() ? position : ancestor.position());
            }
        }
        return Optional.empty();
    }
}
