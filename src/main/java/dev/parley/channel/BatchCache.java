package dev.parley.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds batches from a range of entries and keeps the last few, so that a thousand cursors at one place cost one
 * building; in a form that may wait it only takes the entries, and others build. Guarded by its owner.
 */
final class BatchCache {
    /** Of three transports' forms, at two or three places. */
    private static final int KEPT = 8;

    /** Of each: a text, of a byte or two a character, and the bytes that are written. */
    private static final long COPIES = 3;

    private final @Nullable CachedBatch[] kept = new @Nullable CachedBatch[KEPT];
    private int next;
    private long weight;

    /**
     * @param whole whether it ended because it was full, and not because the range did
     * @param weight about what it holds in memory, in bytes
     */
    private record CachedBatch(
            Representation representation, long after, BatchLimit limit, boolean whole, ReadResult batch, long weight) {

        boolean isUnderWay() {
            return batch instanceof PendingBatch pending && !pending.isDone();
        }

        boolean serves(long last) {
            return batch instanceof PendingBatch pending
                    ? pending.serves(last)
                    : whole || ((Batch) batch).end() == last;
        }
    }

    /** Everything after the offset that fits, at least one entry. The caller has seen that there is one. */
    ReadResult after(EntryRange range, long after, Representation representation, BatchLimit limit) {
        for (CachedBatch one : kept) {
            if (one != null
                    && one.after == after
                    && one.limit.equals(limit)
                    && one.representation == representation
                    && one.serves(range.last())) {
                return one.batch;
            }
        }
        if (representation.threads().isPresent()) {
            EntryRun run = EntryRun.of(range, after, limit);
            PendingBatch pending = new PendingBatch(representation, run, limit, range.last());
            keep(new CachedBatch(representation, after, limit, false, pending, COPIES * run.size()));
            return pending;
        }
        Batch batch = build(range, after, representation, limit);
        boolean whole = batch.end() < range.last();
        keep(new CachedBatch(representation, after, limit, whole, batch, COPIES * batch.size()));
        return batch;
    }

    /** Everything after the offset that fits, at least one entry; needs no guard where the range needs none. */
    static Batch build(EntryRange range, long after, Representation representation, BatchLimit limit) {
        return new Builder(representation, limit).build(range, after);
    }

    /** In the place of the oldest, if possible of one that is not just being built for others. */
    private void keep(CachedBatch batch) {
        for (int tries = 0; tries < KEPT; tries++) {
            CachedBatch oldest = kept[next];
            if (oldest == null || !oldest.isUnderWay()) {
                break;
            }
            next = (next + 1) % KEPT;
        }
        CachedBatch given = kept[next];
        weight += batch.weight() - (given == null ? 0 : given.weight());
        kept[next] = batch;
        next = (next + 1) % KEPT;
    }

    void clear() {
        Arrays.fill(kept, null);
        weight = 0;
    }

    /** About what the batches hold in memory, in bytes: their texts, and the form in which a transport writes them. */
    long weight() {
        return weight;
    }

    private static final class Builder {
        private final Representation representation;
        private final BatchLimit limit;
        private final List<Encoded> pieces = new ArrayList<>(1);
        private @Nullable StringBuilder joined;
        private Encoded.@Nullable Text single;
        private int joinedSize;
        private int size;
        private int count;

        Builder(Representation representation, BatchLimit limit) {
            this.representation = representation;
            this.limit = limit;
        }

        Batch build(EntryRange range, long after) {
            long end = after;
            for (long offset = after + 1; offset <= range.last(); offset++) {
                Optional<Encoded> encoded = range.get(offset).encoded(representation);
                if (encoded.isPresent() && !add(encoded.get())) {
                    break;
                }
                end = offset;
            }
            finishText();
            return new Batch(pieces, end, size, count);
        }

        private boolean add(Encoded encoded) {
            if (count > 0 && (count == limit.count() || size + encoded.size() + 1 > limit.bytes())) {
                return false;
            }
            count++;
            if (encoded instanceof Encoded.Text text && representation.joins()) {
                join(text);
            } else {
                finishText();
                pieces.add(encoded);
                size += encoded.size();
            }
            return true;
        }

        private void join(Encoded.Text text) {
            if (single == null) {
                single = text;
                joinedSize = text.size();
                size += text.size();
                return;
            }
            StringBuilder out = joined;
            if (out == null) {
                out = new StringBuilder(4 * text.text().length()).append(single.text());
                joined = out;
            }
            String separator = representation.separator();
            out.append(separator).append(text.text());
            joinedSize += text.size() + separator.length();
            size += text.size() + separator.length();
        }

        private void finishText() {
            if (single != null) {
                pieces.add(joined == null ? single : new Encoded.Text(joined.toString(), joinedSize));
            }
            single = null;
            joined = null;
            joinedSize = 0;
        }
    }
}
