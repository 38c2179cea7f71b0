package dev.parley.channel;

import dev.parley.api.HistoryPage;
import dev.parley.log.Head;
import dev.parley.log.Log;
import dev.parley.log.Slice;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import java.util.List;
import java.util.Optional;

/** A look back over a channel: in its log, or, where it has none, in memory. */
record HistoryQuery(String channel, Optional<Position> before, int count) {

    /** Waits for the log. */
    Slice read(Log log, int bytes) {
        Slice slice = log.readBefore(channel, end(), count, bytes);
        long branch = before.flatMap(slice.head().lineage()::common)
                .map(common -> common.offset() + 1)
                .orElse(Long.MAX_VALUE);
        // What stands before a place that the log has forgotten is what stands before where it left that epoch
        return branch < end() ? log.readBefore(channel, branch, count, bytes) : slice;
    }

    /** @throws RefusedException {@code not-found}, when the slice is of another life of the log */
    HistoryPage of(Slice slice) {
        return past(slice.head(), slice.messages());
    }

    /** Of a channel that is nowhere: nothing was published to it, or nothing is left. */
    HistoryPage ofNothing() {
        return past(Head.NONE, List.of());
    }

    HistoryPage of(LiveChannel live) {
        RecentEntries.Excerpt excerpt = live.messages().before(end(), count);
        return past(excerpt.range(), excerpt.messages());
    }

    private HistoryPage past(Head head, List<Message> messages) {
        Position from = before.orElse(head.position());
        if (from.epoch().equals(Position.NO_EPOCH)) {
            return new HistoryPage(List.of(), false);
        }
        if (head.lineage().common(from).isEmpty()) {
            throw new RefusedException(
                    ErrorCode.NOT_FOUND, "The channel's log is not the one that this position is of.");
        }
        boolean more = !messages.isEmpty() && messages.get(0).position().offset() > head.first();
        return new HistoryPage(messages, more);
    }

    private long end() {
        return before.map(Position::offset).orElse(Long.MAX_VALUE);
    }
}
