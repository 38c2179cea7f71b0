package dev.parley.channel;

import dev.parley.protocol.Lineage;
import dev.parley.protocol.Position;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a channel's log is taken for, until it turns out to be another: after a failover, or when a backup was put in its
 * place. A cursor holds the branch that it reads, and goes on from there to the present one. Thread-safe.
 *
 * <p>The hard case: the database has failed over, and nothing was appended since. The epoch has no successor yet, but its
 * log ends earlier: that is another branch of the same epoch. A cursor beyond its end is told what is forgotten; when the
 * next epoch begins there, it stands at the end and is told nothing.
 *
 * <pre>
 * e1: 1 … 20             a cursor at e1:20
 * e1: 1 … 10             e1:11 to e1:20 are forgotten
 * e2: 11, after e1:10    the cursor, at e1:10 now, reads on
 * </pre>
 */
final class Branch {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** No other of this node has it, whatever the channel. */
    final long number = NUMBERS.incrementAndGet();

    final Lineage lineage;

    /** Where the log ended when it was found to be this. */
    private final long end;

    private volatile @Nullable Branch next;

    private Branch(Lineage lineage, long end) {
        this.lineage = lineage;
        this.end = end;
    }

    /** The first that is known. */
    static Branch of(Position position) {
        return new Branch(Lineage.of(position.epoch()), position.offset());
    }

    /** The log has turned out to be another, which ends here just now. */
    Branch turn(Lineage other, long otherEnd) {
        Branch turned = new Branch(other, otherEnd);
        next = turned;
        return turned;
    }

    boolean isOf(String epoch) {
        return lineage.epoch().equals(epoch);
    }

    /** Nothing was ever published to it, as far as is known. */
    boolean isEmpty() {
        return isOf(Position.NO_EPOCH);
    }

    /**
     * A place on a branch.
     *
     * @param forgotten whether nothing is known of what the one who stood elsewhere has read
     */
    record Place(Branch branch, long offset, boolean forgotten) {}

    /** Where a cursor at this offset goes on at present: the last place that both logs have. */
    Place follow(long offset) {
        Branch at = this;
        long place = offset;
        boolean forgotten = false;
        for (Branch to = at.next; to != null; to = at.next) {
            Optional<Position> common = to.lineage.common(at.lineage.at(place));
            if (common.isPresent()) {
                place = Math.min(common.get().offset(), to.end);
            } else if (!at.isEmpty()) {
                place = 0;
                forgotten = true;
            }
            at = to;
        }
        return new Place(at, place, forgotten);
    }
}
