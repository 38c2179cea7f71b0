package dev.parley.channel;

import dev.parley.log.Head;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.util.Optional;

/**
 * Where a cursor begins that asks for a start, and what is gone before it.
 *
 * <p>The hard cases, and what the client is told. Its place is older than the history: {@code recovered:false}, what is
 * lost, and all that is still there. Beyond the end that the log has, or had when another epoch followed, as after a
 * failover or when a backup was restored: {@code recovered:false}, what is forgotten, and all that came after that end. Of
 * an epoch that the log knows nothing of: {@code recovered:false}, and all that the log holds, since all of it is new.
 */
final class StartResolver {
    private final Start start;
    private final Head head;

    private StartResolver(Start start, Head head) {
        this.start = start;
        this.head = head;
    }

    /**
     * What memory alone can tell, without a look into the log.
     *
     * @param recent the part of the channel that is in memory
     * @param whole whether memory is all there is of the channel
     */
    static Optional<Reply.Started> fromMemory(Start start, Head recent, boolean whole) {
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
        return !after.epoch().equals(Position.NO_EPOCH)
                && recent.lineage().common(after).equals(Optional.of(after))
                && after.offset() >= recent.first() - 1
                && after.offset() <= recent.last();
    }

    /** @param head where the channel begins and ends */
    static Reply.Started resolve(Start start, Head head) {
        StartResolver resolver = new StartResolver(start, head);
        return start.after().map(resolver::after).orElseGet(resolver::history);
    }

    private Reply.Started history() {
        long wanted = start.history().orElse(0);
        long from = Math.max(head.last() - wanted, Math.min(oldest(), head.last()));
        return started(from, true, Optional.empty(), Optional.empty());
    }

    private Reply.Started after(Position after) {
        if (after.epoch().equals(Position.NO_EPOCH)) {
            return from(0, Optional.empty());
        }
        Optional<Position> common = head.lineage().common(after);
        if (common.isEmpty()) {
            return started(oldest(), false, Optional.empty(), Optional.empty());
        }
        long place = Math.min(common.get().offset(), head.last());
        Optional<Push.Range> forgotten = place < after.offset()
                ? Optional.of(new Push.Range(after.at(place), after.at(after.offset() + 1)))
                : Optional.empty();
        return from(place, forgotten);
    }

    private Reply.Started from(long place, Optional<Push.Range> forgotten) {
        if (place < oldest()) {
            Push.Range lost = new Push.Range(at(place), at(head.first()));
            return started(oldest(), false, Optional.of(lost), forgotten);
        }
        return started(place, forgotten.isEmpty(), Optional.empty(), forgotten);
    }

    private Reply.Started started(
            long place, boolean recovered, Optional<Push.Range> lost, Optional<Push.Range> forgotten) {
        return new Reply.Started(
                start.channel(),
                at(place),
                head.position(),
                recovered,
                lost,
                forgotten,
                head.lineage().ancestors());
    }

    /** The place before all that is still there. */
    private long oldest() {
        return head.first() - 1;
    }

    private Position at(long offset) {
        return head.lineage().at(offset);
    }
}
