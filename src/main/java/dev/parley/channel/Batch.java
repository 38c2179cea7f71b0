package dev.parley.channel;

import java.util.List;

/**
 * What is given to a connection in one go: one or more messages of the transport, built once and shared by every cursor
 * at the same place.
 *
 * @param end the offset of the last entry it holds or passes over
 * @param size of all pieces in bytes
 */
public record Batch(List<Encoded> pieces, long end, int size) implements Take {
    public Batch {
        pieces = List.copyOf(pieces);
    }

    /** Of one piece that stands in no feed, such as a notice that messages are lost. */
    static Batch of(Encoded piece, long end) {
        return new Batch(List.of(piece), end, piece.size());
    }
}
