package dev.parley.jdbc;

import dev.parley.protocol.Position;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose row an append's transaction holds, and what it gives to the messages: their epoch and offsets, and the
 * total of bytes before each of them, as it stands beside it.
 */
final class Claim {
    private final Row row;
    private final String epoch;
    private final Life life;
    private long last;
    private long bytes;

    /**
     * What the channel's row has said before this append.
     *
     * @param root the channel's first epoch
     * @param life when the epoch began; null where it is not known
     * @param branched where the epoch before this one has ended; -1 where there was none
     * @param last the offset of the channel's last message
     * @param bytes of all bodies that were ever appended
     */
    record Row(long id, String epoch, String root, @Nullable Life life, long branched, long last, long bytes) {}

    /** @param present the life that the database is in; in another than the row's the messages are of a new epoch */
    Claim(Row row, Life present) {
        boolean same = row.life() == null || present.isSame(row.life());
        this.row = row;
        this.epoch = same ? row.epoch() : Position.newEpoch();
        this.life = same && row.life() != null ? present.with(row.life()) : present;
        this.last = row.last();
        this.bytes = row.bytes();
    }

    long id() {
        return row.id();
    }

    Row row() {
        return row;
    }

    /** Of the messages that are given something here. */
    String epoch() {
        return epoch;
    }

    Life life() {
        return life;
    }

    /** Whether something was given, and is the first of its epoch. */
    boolean isBranched() {
        return given() > 0 && !epoch.equals(row.epoch());
    }

    /** Whether something was given, and the row does not have the epoch and the life of it yet. */
    boolean isNews() {
        return given() > 0 && (isBranched() || !life.equals(row.life()));
    }

    /** The offset of the channel's last message by now. */
    long last() {
        return last;
    }

    /** Of all bodies by now. */
    long bytes() {
        return bytes;
    }

    int given() {
        return Math.toIntExact(last - row.last());
    }

    Position next() {
        last++;
        return new Position(epoch, last);
    }

    /** Counts the body of the next message in order, and returns the bytes of all before it. */
    long count(long size) {
        long total = bytes;
        bytes += size;
        return total;
    }
}
