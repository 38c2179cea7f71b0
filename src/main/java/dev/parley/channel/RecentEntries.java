package dev.parley.channel;

import dev.parley.log.Head;
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
    private final Bounds bounds;
    private final MemoryBudget budget;
    private final EntryRing ring;
    private final BatchCache batches = new BatchCache();
    private volatile long lastOffset;
    private volatile long usedAt = System.nanoTime();

    /** As it is counted by the budget. */
    private volatile long weight;

    private String epoch;
    private boolean counted;
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
        this.epoch = position.epoch();
        this.ring = new EntryRing(position.offset());
        this.lastOffset = position.offset();
        this.bounds = bounds;
        this.budget = budget;
    }

    synchronized Position head() {
        return new Position(epoch, ring.last());
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
        return new Head(epoch, ring.first(), ring.last());
    }

    synchronized String epoch() {
        return epoch;
    }

    /** Appends at the next offset; the entry is made for it. */
    Position append(Instant at, EntryAt made) {
        Position position;
        synchronized (this) {
            position = new Position(epoch, ring.last() + 1);
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
     */
    void add(String entryEpoch, Entry entry) {
        addInOrder(entryEpoch, entry);
        budget.settle();
    }

    private synchronized void addInOrder(String entryEpoch, Entry entry) {
        if (!entryEpoch.equals(epoch)) {
            // A channel's first message gives it its epoch; that is no loss, since nothing was there before.
            restart(new Position(entryEpoch, entry.offset - 1));
        }
        if (closed || entry.offset <= ring.last()) {
            return;
        }
        if (entry.offset > ring.last() + 1) {
            restart(new Position(epoch, entry.offset - 1));
        }
        add(entry);
    }

    /** The log's head is there: if that is further on than is known, cursors must read from the log. */
    synchronized boolean advance(Position head) {
        boolean further = isBefore(head);
        if (further) {
            restart(head);
        }
        return further;
    }

    /** Whether the log's head is further on than is known. */
    synchronized boolean isBefore(Position head) {
        boolean known = head.epoch().equals(epoch) && head.offset() <= ring.last();
        return !known && !head.epoch().equals(Position.NO_EPOCH);
    }

    /** What follows this place. */
    ReadResult read(String cursorEpoch, long after, Representation representation, BatchLimit limit) {
        ReadResult result = find(cursorEpoch, after, representation, limit);
        budget.settle();
        return result;
    }

    private synchronized ReadResult find(
            String cursorEpoch, long after, Representation representation, BatchLimit limit) {
        if (!cursorEpoch.equals(epoch)) {
            return ReadResult.Gap.OTHER_EPOCH;
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
        boolean held =
                position.epoch().equals(epoch) && position.offset() >= ring.first() && position.offset() <= ring.last();
        return held ? ring.get(position.offset()).message() : Optional.empty();
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
        restart(new Position(epoch, ring.last()));
    }

    /** Gives back all memory; what still comes, from who found these entries just before, takes none. */
    synchronized void close() {
        closed = true;
        restart(new Position(epoch, ring.last()));
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
        while (ring.size() > 1 && (ring.size() > bounds.count() || ring.weight() > bounds.bytes())) {
            ring.removeFirst();
        }
        count();
    }

    private void restart(Position position) {
        ring.restart(position.offset());
        lastOffset = position.offset();
        batches.clear();
        epoch = position.epoch();
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
