package dev.parley.log;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;

/**
 * Where a channel's log begins and ends.
 *
 * @param lineage its epochs: offsets go on from one to the next
 * @param first the offset of the oldest message still held; {@code last + 1} when none is
 * @param last the offset of the newest message ever appended; 0 before the first
 */
public record Head(Lineage lineage, long first, long last) {
    /** A channel to which nothing was ever published. */
    public static final Head NONE = new Head(Lineage.NONE, 1, 0);

    /** Of a log of one epoch. */
    public Head(String epoch, long first, long last) {
        this(Lineage.of(epoch), first, last);
    }

    /** The present one. */
    public String epoch() {
        return lineage.epoch();
    }

    public Position position() {
        return lineage.at(last);
    }
}
