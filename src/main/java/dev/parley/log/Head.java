package dev.parley.log;

import dev.parley.protocol.Position;

/**
 * Where a channel's log begins and ends.
 *
 * @param first the offset of the oldest message still held; {@code last + 1} when none is
 * @param last the offset of the newest message ever appended in this epoch; 0 before the first
 */
public record Head(String epoch, long first, long last) {
    /** A channel to which nothing was ever published. */
    public static final Head NONE = new Head(Position.NO_EPOCH, 1, 0);

    public Position position() {
        return new Position(epoch, last);
    }
}
