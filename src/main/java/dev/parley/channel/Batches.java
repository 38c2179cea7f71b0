package dev.parley.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds batches from a run and keeps the last few, so that a thousand cursors at one place cost one building. Guarded
 * by its owner.
 */
final class Batches {
    /** Of three transports' forms, at two or three places. */
    private static final int KEPT = 8;

    private final @Nullable Kept[] kept = new @Nullable Kept[KEPT];
    private int next;

    /** @param whole whether it ended because it was full, and not because the run did */
    private record Kept(Representation representation, long after, Room room, boolean whole, Batch batch) {}

    /** Everything after the offset that fits, at least one entry. The caller has seen that there is one. */
    Batch after(Run run, long after, Representation representation, Room room) {
        for (Kept one : kept) {
            if (one != null
                    && one.after == after
                    && one.room.equals(room)
                    && one.representation == representation
                    && (one.whole || one.batch.end() == run.last())) {
                return one.batch;
            }
        }
        Batch batch = new Builder(representation, room).build(run, after);
        kept[next] = new Kept(representation, after, room, batch.end() < run.last(), batch);
        next = (next + 1) % KEPT;
        return batch;
    }

    void clear() {
        Arrays.fill(kept, null);
    }

    private static final class Builder {
        private final Representation representation;
        private final Room room;
        private final List<Encoded> pieces = new ArrayList<>(1);
        private @Nullable StringBuilder joined;
        private Encoded.@Nullable Text single;
        private int joinedSize;
        private int size;
        private int count;

        Builder(Representation representation, Room room) {
            this.representation = representation;
            this.room = room;
        }

        Batch build(Run run, long after) {
            long end = after;
            for (long offset = after + 1; offset <= run.last(); offset++) {
                Optional<Encoded> encoded = run.get(offset).encoded(representation);
                if (encoded.isPresent() && !add(encoded.get())) {
                    break;
                }
                end = offset;
            }
            finishText();
            return new Batch(pieces, end, size, count);
        }

        private boolean add(Encoded encoded) {
            if (count > 0 && (count == room.count() || size + encoded.size() + 1 > room.bytes())) {
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
