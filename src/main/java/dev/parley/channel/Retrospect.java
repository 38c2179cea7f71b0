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
record Retrospect(String channel, Optional<Position> before, int count) {

    /** Waits for the log. */
    Slice read(Log log, int bytes) {
        return log.readBefore(channel, end(), count, bytes);
    }

    /** @throws RefusedException {@code not-found}, when the slice is of another life of the log */
    Past of(Slice slice) {
        return past(slice.head(), slice.messages());
    }

    Past of(LiveChannel live) {
        Feed.Stretch stretch = live.messages().before(end(), count);
        return past(stretch.range(), stretch.messages());
    }

    private Past past(Head head, List<Message> messages) {
        String epoch = before.map(Position::epoch).orElse(head.epoch());
        if (epoch.equals(Position.NO_EPOCH)) {
            return new Past(List.of(), false);
        }
        if (!epoch.equals(head.epoch())) {
            throw new RefusedException(
                    ErrorCode.NOT_FOUND, "The channel's log is not the one that this position is of.");
        }
        boolean more = !messages.isEmpty() && messages.get(0).position().offset() > head.first();
        return new Past(messages, more);
    }

    private long end() {
        return before.map(Position::offset).orElse(Long.MAX_VALUE);
    }
}
