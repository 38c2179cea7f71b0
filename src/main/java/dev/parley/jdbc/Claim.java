package dev.parley.jdbc;

import dev.parley.protocol.Position;

/**
 * A channel whose row an append's transaction holds, and what it gives to the messages: their offsets, and the total of
 * bytes before each of them, as it stands beside it.
 */
final class Claim {
    private final long id;
    private final String epoch;
    private final long before;
    private long last;
    private long bytes;

    /**
     * @param last the offset of the channel's last message before this append
     * @param bytes of all bodies that were ever appended before it
     */
    Claim(long id, String epoch, long last, long bytes) {
        this.id = id;
        this.epoch = epoch;
        this.before = last;
        this.last = last;
        this.bytes = bytes;
    }

    long id() {
        return id;
    }

    String epoch() {
        return epoch;
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
        return Math.toIntExact(last - before);
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
