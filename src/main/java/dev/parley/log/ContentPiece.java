package dev.parley.log;

import dev.parley.protocol.Body;
import dev.parley.protocol.Bytes;

/**
 * Some of the bytes of what a message says.
 *
 * @param type of all of it: its media type
 * @param size of all of it, in bytes
 */
public record ContentPiece(String type, long size, Bytes bytes) {
    /** A piece of what is in memory, which is not kept there by it. */
    public static ContentPiece of(Body.Binary whole, long from, int most) {
        int size = whole.bytes().size();
        int begin = (int) Math.min(from, size);
        int count = Math.min(most, size - begin);
        Bytes bytes = count == size
                ? whole.bytes()
                : Bytes.copyOf(whole.bytes().asBuffer().slice(begin, count));
        return new ContentPiece(whole.type(), size, bytes);
    }
}
