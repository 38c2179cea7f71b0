package dev.parley.channel;

import dev.parley.log.Head;
import dev.parley.protocol.Command;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.util.Optional;

/**
 * Where a cursor begins that asks for a start, and what is gone before it.
 *
 * <p>The hard cases, and what the client is told. Its place is older than the history: {@code recovered:false}, what is
 * lost, and all that is still there. Of another epoch: {@code recovered:false}, and all that the new log holds, since
 * all of it is new. Beyond the head, as after a backup was restored: {@code recovered:false}, and what comes from now
 * on, for what is there may be what it has seen already.
 */
final class StartResolver {
    private StartResolver() {}

    /**
     * What memory alone can tell, without a look into the log.
     *
     * @param recent the part of the channel that is in memory
     * @param whole whether memory is all there is of the channel
     */
    static Optional<Reply.Started> fromMemory(Command.Start start, Head recent, boolean whole) {
        boolean fromTheFirst = recent.first() == 1 && !recent.epoch().equals(Position.NO_EPOCH);
        boolean certain = whole
                || (start.after().isPresent()
                        ? isWithin(start.after().get(), recent)
                        : start.history().isEmpty()
                                || fromTheFirst
                                || start.history().getAsInt() <= recent.last() - recent.first() + 1);
        return certain ? Optional.of(resolve(start, recent)) : Optional.empty();
    }

    private static boolean isWithin(Position after, Head recent) {
        boolean sameLife =
                after.epoch().equals(recent.epoch()) && !after.epoch().equals(Position.NO_EPOCH);
        return sameLife && after.offset() >= recent.first() - 1 && after.offset() <= recent.last();
    }

    /** @param head where the channel begins and ends */
    static Reply.Started resolve(Command.Start start, Head head) {
        Position end = head.position();
        if (start.after().isPresent()) {
            return after(start.channel(), start.after().get(), head);
        }
        long wanted = start.history().orElse(0);
        long from = Math.max(head.last() - wanted, Math.min(head.first() - 1, head.last()));
        return new Reply.Started(start.channel(), end.at(from), end, true, Optional.empty());
    }

    private static Reply.Started after(String channel, Position after, Head head) {
        Position end = head.position();
        Position oldest = end.at(head.first() - 1);
        boolean fromBeforeAll = after.epoch().equals(Position.NO_EPOCH);
        if (!fromBeforeAll && !after.epoch().equals(head.epoch())) {
            return new Reply.Started(channel, oldest, end, false, Optional.empty());
        }
        Position place = fromBeforeAll ? end.at(0) : after;
        if (place.offset() > head.last()) {
            return new Reply.Started(channel, end, end, false, Optional.empty());
        }
        if (place.offset() < oldest.offset()) {
            Push.Range range = new Push.Range(place, end.at(head.first()));
            return new Reply.Started(channel, oldest, end, false, Optional.of(range));
        }
        return new Reply.Started(channel, place, end, true, Optional.empty());
    }
}
