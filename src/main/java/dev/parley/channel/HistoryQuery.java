package dev.parley.channel;

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
        return log.readBefore(channel, end(), count, bytes);
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
        String epoch = before.map(Position::epoch).orElse(head.epoch());
        if (epoch.equals(Position.NO_EPOCH)) {
            return new HistoryPage(List.of(), false);
        }
        if (!epoch.equals(head.epoch())) {
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
