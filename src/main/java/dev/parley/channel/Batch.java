package dev.parley.channel;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is given to a connection in one go: one or more messages of the transport, built once and shared by every cursor
 * at the same place. Thread-safe.
 */
public final class Batch implements ReadResult {
    private final List<Encoded> pieces;
    private final long end;
    private final int size;
    private final int count;
    private volatile @Nullable Object ready;

    /**
     * @param end the offset of the last entry it holds or passes over
     * @param size of all pieces in bytes
     */
    public Batch(List<Encoded> pieces, long end, int size) {
        this(pieces, end, size, pieces.size());
    }

    /** @param count of the pushes that the pieces hold */
    Batch(List<Encoded> pieces, long end, int size, int count) {
        this.pieces = List.copyOf(pieces);
        this.end = end;
        this.size = size;
        this.count = count;
    }

    /** Of one piece that has no offset, such as a notice that messages are lost. */
    static Batch of(Encoded piece, long end) {
        return new Batch(List.of(piece), end, piece.size());
    }

    public List<Encoded> pieces() {
        return pieces;
    }

    public long end() {
        return end;
    }

    public int size() {
        return size;
    }

    /** How many pushes it holds. */
    public int count() {
        return count;
    }

    /**
     * The form in which a kind of transport writes it, made once for all connections of that kind. There is one kind on a
     * server that asks for this; two that come at once may both make it, and either serves.
     */
    public <T> T ready(Class<T> form, Function<List<Encoded>, T> making) {
        Object known = ready;
        if (form.isInstance(known)) {
            return form.cast(known);
        }
        T made = Objects.requireNonNull(making.apply(pieces));
        ready = made;
        return made;
    }
}
