package dev.parley.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A batch in a form that may wait, such as an endpoint's own Encoder: made once, on the form's own threads and under no
 * lock, for all cursors that come to its place meanwhile. These hold no thread; each is woken when it is there.
 * Thread-safe.
 *
 * <p>The hard case: the form throws an {@code Error}, or has no threads any more. Each cursor that waited is given the
 * failure, and whoever comes later has it made anew.
 */
final class PendingBatch implements ReadResult {
    private final Representation representation;
    private final EntryRun run;
    private final BatchLimit limit;
    private final long last;

    // Guarded by this.
    private List<Subscription> waiting = new ArrayList<>(1);
    private boolean begun;
    private @Nullable Batch made;
    private @Nullable Throwable failure;

    /** @param last the offset of the last entry there was when the run was taken */
    PendingBatch(Representation representation, EntryRun run, BatchLimit limit, long last) {
        this.representation = representation;
        this.run = run;
        this.limit = limit;
        this.last = last;
    }

    /** Whether it is there, or has failed; else the reader is woken when it is. */
    boolean isReadyFor(Subscription reader) {
        synchronized (this) {
            if (isDone()) {
                return true;
            }
            waiting.add(reader);
            if (begun) {
                return false;
            }
            begun = true;
        }
        begin();
        return isDone();
    }

    synchronized boolean isDone() {
        return made != null || failure != null;
    }

    /** Whether it is what a cursor at its place needs, now that the last entry is this one. */
    synchronized boolean serves(long lastNow) {
        boolean full = made != null && made.end() < last;
        return !isDone() || full || (made != null && made.end() == lastNow);
    }

    /** @throws IllegalStateException where the form has failed */
    synchronized Batch take() {
        if (failure != null) {
            throw new IllegalStateException("A form of an endpoint's own failed", failure);
        }
        return Objects.requireNonNull(made);
    }

    private void begin() {
        try {
            Executor threads = representation.threads().orElseThrow();
            threads.execute(this::make);
        } catch (RuntimeException | Error e) { // the node is stopping
            done(null, e);
        }
    }

    private void make() {
        Batch batch = null;
        Throwable thrown = null;
        try {
            batch = BatchCache.build(run, run.first() - 1, representation, limit);
        } catch (Throwable e) {
            thrown = e;
        }
        done(batch, thrown);
    }

    private void done(@Nullable Batch batch, @Nullable Throwable thrown) {
        List<Subscription> readers;
        synchronized (this) {
            made = batch;
            failure = thrown;
            readers = waiting;
            waiting = List.of();
        }
        if (!readers.isEmpty()) {
            readers.get(0).wakeAll(readers);
        }
    }
}
