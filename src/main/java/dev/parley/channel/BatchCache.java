package dev.parley.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds batches from a range of entries and keeps the last few, so that a thousand cursors at one place cost one
 * building. Guarded by its owner.
 */
final class BatchCache {
    /** Of three transports' forms, at two or three places. */
    private static final int KEPT = 8;

    private final @Nullable CachedBatch[] kept = new @Nullable CachedBatch[KEPT];
    private int next;

    /** @param whole whether it ended because it was full, and not because the range did */
    private record CachedBatch(
            Representation representation, long after, BatchLimit limit, boolean whole, Batch batch) {}

    /** Everything after the offset that fits, at least one entry. The caller has seen that there is one. */
    Batch after(EntryRange range, long after, Representation representation, BatchLimit limit) {
        for (CachedBatch one : kept) {
            if (one != null
                    && one.after == after
                    && one.limit.equals(limit)
                    && one.representation == representation
                    && (one.whole || one.batch.end() == range.last())) {
                return one.batch;
            }
        }
        Batch batch = new Builder(representation, limit).build(range, after);
        kept[next] = new CachedBatch(representation, after, limit, batch.end() < range.last(), batch);
        next = (next + 1) % KEPT;
        return batch;
    }

    void clear() {
        Arrays.fill(kept, null);
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
