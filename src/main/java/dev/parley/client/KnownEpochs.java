package dev.parley.client;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import dev.parley.protocol.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client knows of the epochs of a channel's log, by which it compares positions. Offsets go on from one epoch to the
 * next, and what the log has forgotten lies before the next epoch. Not thread-safe.
 */
final class KnownEpochs {
    private static final long PRESENT = Long.MAX_VALUE;

    private final Map<String, Long> ends = new HashMap<>();

    /** The server has said all that it knows. */
    void started(Reply.Started started) {
        ends.clear();
        ended(started.ancestors());
        ends.putIfAbsent(started.head().epoch(), PRESENT);
    }

    void ended(List<Lineage.Ancestor> ancestors) {
        ancestors.forEach(ancestor -> ends.put(ancestor.epoch(), ancestor.end()));
    }

    /** There is a message: when it is the first of its epoch, the epoch before ended right before it. */
    void reached(Position message, Position last) {
        if (ends.putIfAbsent(message.epoch(), PRESENT) == null) {
            ends.computeIfPresent(last.epoch(), (epoch, end) -> Math.min(end, message.offset() - 1));
        }
    }

    /** Whether it lies behind the other one. One of an epoch of which nothing is known is new. */
    boolean isAfter(Position position, Position other) {
        if (position.epoch().equals(other.epoch())) {
            return position.offset() > other.offset();
        }
        Long end = ends.get(position.epoch());
        Long otherEnd = ends.get(other.epoch());
        return end == null || otherEnd == null || Math.min(position.offset(), end) > Math.min(other.offset(), otherEnd);
    }
}
