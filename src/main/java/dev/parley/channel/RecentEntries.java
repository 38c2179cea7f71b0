package dev.parley.channel;

import dev.parley.log.Head;
import dev.parley.protocol.Lineage;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The recent end of an ordered stream of pushes: what cursors read from. Older entries are somewhere else (a durable
 * channel's log) or nowhere (presence, a transient channel). Thread-safe and non-blocking.
 */
final class RecentEntries implements MemoryBudget.Holder {
    private static final long NONE_LOWER = -1;

    private final Bounds bounds;
    private final MemoryBudget budget;
    private final EntryRing ring;
    private final BatchCache batches = new BatchCache();
    private volatile Branch branch;
    private volatile long lastOffset;
    private volatile long usedAt = System.nanoTime();

    /** As it is counted by the budget. */
    private volatile long weight;

    /** How far the log is known to go, though memory may not have heard of all of it. */
    private long reached;

    private boolean counted;
    private long lower = NONE_LOWER;
    private boolean closed;

    /**
     * @param count entries
     * @param bytes of memory, but for the newest entry
     * @param age of the oldest entry
     * @param inlineSize bytes of a body above which readers are given its mention
     */
    record Bounds(int count, long bytes, Duration age, int inlineSize) {}

    /** Empty, to be continued after this position. */
    RecentEntries(Position position, Bounds bounds, MemoryBudget budget) {
        this.branch = Branch.of(position);
        this.ring = new EntryRing(position.offset());
        this.lastOffset = position.offset();
        this.reached = position.offset();
        this.bounds = bounds;
        this.budget = budget;
    }

    synchronized Position head() {
        return branch.lineage.at(ring.last());
    }

    /** What the log is taken for, as a thread may see it that does not wait. */
    Branch branch() {
        return branch;
    }

    /** The head's offset, as a thread may see it that does not wait. */
    long lastOffset() {
        return lastOffset;
    }

    /** The oldest offset that is in memory; one past the head's when none is. */
    synchronized long first() {
        return ring.first();
    }

    /** What is in memory, as one look sees it. */
    synchronized Head range() {
        return new Head(branch.lineage, ring.first(), ring.last());
    }

    /** The same, and what the log is taken for. */
    synchronized Known known() {
        return new Known(range(), branch);
    }

    /** Appends at the next offset; the entry is made for it. */
    Position append(Instant at, EntryAt made) {
        Position position;
        synchronized (this) {
            position = branch.lineage.at(ring.last() + 1);
            if (closed) {
                return position;
            }
            add(Entry.holding(made.at(position), position.offset(), at, bounds.inlineSize()));
        }
        budget.settle();
        return position;
    }

    /** Makes the push for a position. */
    interface EntryAt {
        Push at(Position position);
    }

    /**
     * Takes in an entry that has its position. What is known already is passed over. Where entries are missing before
     * it (another node's, or of a commit that was in doubt) memory begins anew with it, and cursors that stand before
     * the hole read on from the log.
     *
     * @return false for an entry of an epoch that is not known, unless it is the channel's very first: where that epoch
     *     began the log's head must tell
     */
    boolean add(String epoch, Entry entry) {
        boolean placed = addInOrder(epoch, entry);
        budget.settle();
        return placed;
    }

    private synchronized boolean addInOrder(String epoch, Entry entry) {
        if (!branch.isOf(epoch)) {
            if (!branch.isEmpty() || entry.offset != 1) {
                return false;
            }
            turn(Lineage.of(epoch), 0);
        }
        if (closed || entry.offset <= ring.last()) {
            return true;
        }
        if (entry.offset > ring.last() + 1) {
            restart(entry.offset - 1);
        }
        add(entry);
        return true;
    }

    /**
     * What was known before the log was asked.
     *
     * @param lower an end below what was reached, as the reading before this one had it; {@link #NONE_LOWER} where it had none
     */
    record Mark(Branch branch, long reached, long lower) {}

    /** To be taken before the log is asked: by it one tells what the answer means. */
    synchronized Mark mark() {
        return new Mark(branch, reached, lower);
    }

    /** What an answer of the log means, and what the log is taken for since. */
    record Found(Finding what, Branch branch) {}

    enum Finding {
        /** Nothing new. */
        SAME,
        /** There is more than memory has heard of: another node's, or what is just about to be told here. */
        FURTHER,
        /** The log is another than it was taken for; that is known from now on. */
        TURNED,
        /**
         * The log has turned out to be another since it was asked, and nobody can tell which of both this is; or it ends
         * earlier than was known, which only counts when it is read twice.
         */
        STALE
    }

    /**
     * The log's head was read. Where it is of another epoch than was known before the reading began, or ends earlier twice
     * in a row, the log itself has become another: memory begins anew at its end.
     *
     * @param mark from before the reading
     */
    synchronized Found found(Mark mark, Head head) {
        Finding what = meaning(mark, head);
        lower = what == Finding.STALE && mark.branch() == branch ? head.last() : NONE_LOWER;
        if (what == Finding.TURNED) {
            turn(head.lineage(), head.last());
        } else if (what == Finding.FURTHER) {
            reached = Math.max(reached, head.last());
        }
        return new Found(what, branch);
    }

    private Finding meaning(Mark mark, Head head) {
        if (head.epoch().equals(Position.NO_EPOCH)) {
            return Finding.SAME; // even where the log is gone: what is in memory is all there is
        }
        if (mark.branch() != branch) {
            return Finding.STALE;
        }
        if (!branch.isOf(head.epoch())) {
            return Finding.TURNED;
        }
        if (head.last() < mark.reached()) {
            return head.last() == mark.lower() ? Finding.TURNED : Finding.STALE;
        }
        return head.last() > ring.last() ? Finding.FURTHER : Finding.SAME;
    }

    /** The log's head is there, on this branch: if that is further on than is known, cursors must read from the log. */
    synchronized boolean advance(Branch known, Head head) {
        boolean further = known == branch && branch.isOf(head.epoch()) && head.last() > ring.last();
        if (further) {
            restart(head.last());
        }
        return further;
    }

    /** What follows this place. */
    ReadResult read(Branch cursor, long after, Representation representation, BatchLimit limit) {
        ReadResult result = find(cursor, after, representation, limit);
        budget.settle();
        return result;
    }

    private synchronized ReadResult find(Branch cursor, long after, Representation representation, BatchLimit limit) {
        if (cursor != branch) {
            return ReadResult.Gap.OTHER_BRANCH;
        }
        if (after >= ring.last()) {
            return ReadResult.Gap.NOTHING;
        }
        if (after < ring.first() - 1) {
            return ReadResult.Gap.BEHIND;
        }
        usedAt = System.nanoTime();
        EntryRange readable = BeforeMention.of(ring, after, representation);
        if (readable.last() == after) {
            return ReadResult.Gap.MENTIONED;
        }
        ReadResult batch = batches.after(readable, after, representation, limit);
        count();
        return batch;
    }

    /** The message at a place, where memory holds it. */
    synchronized Optional<Message> find(Position position) {
        long offset = position.offset();
        boolean held = offset >= ring.first()
                && offset <= ring.last()
                && branch.lineage.at(offset).equals(position);
        return held ? ring.get(offset).message() : Optional.empty();
    }

    /** What stands before an offset, and from where to where memory reaches, as one look sees it. */
    record Excerpt(Head range, List<Message> messages) {}

    /** At most so many of the newest before an offset. */
    synchronized Excerpt before(long offset, int count) {
        long end = Math.min(offset - 1, ring.last());
        List<Message> messages = new ArrayList<>();
        for (long at = Math.max(ring.first(), end - count + 1); at <= end; at++) {
            if (ring.get(at).push instanceof Message message) {
                messages.add(message);
            }
        }
        return new Excerpt(range(), messages);
    }

    /** Gives up what is too old, and the batches. */
    synchronized void expire(Instant now) {
        Instant oldest = now.minus(bounds.age());
        while (ring.size() > 0 && ring.get(ring.first()).at.isBefore(oldest)) {
            ring.removeFirst();
        }
        batches.clear();
        count();
    }

    @Override
    public long usedAt() {
        return usedAt;
    }

    @Override
    public long weight() {
        return weight;
    }

    /** Cursors that stand before the head read on from the log, or are told what is lost. */
    @Override
    public synchronized void giveUp() {
        restart(ring.last());
    }

    /** Gives back all memory; what still comes, from who found these entries just before, takes none. */
    synchronized void close() {
        closed = true;
        restart(ring.last());
        budget.leave(this);
    }

    private void add(Entry entry) {
        if (!counted) {
            counted = true;
            budget.enter(this);
        }
        usedAt = System.nanoTime();
        ring.add(entry);
        lastOffset = ring.last();
        reached = Math.max(reached, ring.last());
        while (ring.size() > 1 && (ring.size() > bounds.count() || ring.weight() > bounds.bytes())) {
            ring.removeFirst();
        }
        count();
    }

    private void turn(Lineage lineage, long end) {
        branch = branch.turn(lineage, end);
        reached = end;
        restart(end);
    }

    private void restart(long after) {
        ring.restart(after);
        lastOffset = after;
        batches.clear();
        count();
    }

    private void count() {
        long now = ring.weight() + batches.weight();
        // Each of a thousand cursors at one place comes by here, and nothing is new but for the first
        if (now != weight) {
            budget.change(now - weight);
            weight = now;
        }
    }
}
