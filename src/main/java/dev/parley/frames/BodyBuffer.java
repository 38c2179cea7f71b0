package dev.parley.frames;

import dev.parley.security.SharedBudget;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message or body that have come so far. Room is made for what has come and not for what was announced,
 * doubling, so that a byte at a time costs no more than all at once. Not thread-safe.
 */
public final class BodyBuffer {
    private static final byte[] NOTHING = {};
    private static final int LEAST_ROOM = 512;

    private final SharedBudget.Reservation budget;
    private byte @Nullable [] bytes;
    private int size;
    private int accounted;

    /** @param budget for all that has not come whole; what is given back when nothing is held any more */
    public BodyBuffer(SharedBudget.Reservation budget) {
        this.budget = budget;
    }

    public int size() {
        return size;
    }

    /**
     * An array with room for so many bytes more behind the {@link #size} that are there; they count once {@link #added}.
     *
     * @param whole how many bytes there will be in all as far as is known; when all of them are there now, no room is left
     * @return empty when the memory for all that has not come whole is used up
     */
    public Optional<byte[]> reserve(int more, int whole) {
        int needed = size + more;
        byte[] before = bytes == null ? NOTHING : bytes;
        if (before.length >= needed) {
            return Optional.of(before);
        }
        int room =
                needed == whole ? needed : Math.max(needed, Math.min(whole, Math.max(LEAST_ROOM, 2 * before.length)));
        // What is whole now is handed on before anything else is read: it waits for nobody
        if (needed < whole && !account(room)) {
            return Optional.empty();
        }
        byte[] larger = Arrays.copyOf(before, room);
        bytes = larger;
        return Optional.of(larger);
    }

    private boolean account(int room) {
        boolean taken = budget.take(room - accounted);
        accounted = taken ? room : accounted;
        return taken;
    }

    public void added(int count) {
        size += count;
    }

    /** All of it, in an array of just that size; afterwards nothing is held. */
    public byte[] take() {
        byte[] all = bytes == null ? NOTHING : bytes;
        byte[] taken = all.length == size ? all : Arrays.copyOf(all, size);
        drop();
        return taken;
    }

    /** Forgets what there is. */
    public void drop() {
        bytes = null;
        size = 0;
        budget.giveAll();
        accounted = 0;
    }
}
