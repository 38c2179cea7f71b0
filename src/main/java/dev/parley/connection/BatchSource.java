package dev.parley.connection;

import dev.parley.channel.Batch;
import dev.parley.channel.BatchLimit;
import dev.parley.channel.Subscriber;
import dev.parley.channel.Subscription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A subscription as a {@link ConnectionWriter} sees it: something that may have a batch. */
final class BatchSource implements Subscriber {
    private final ConnectionWriter writer;

    /** The same each time: written before the writer's lock is taken, and read under it. */
    private @Nullable Subscription subscription;

    /** Whether it waits for its turn; guarded by the writer. */
    boolean queued;

    BatchSource(ConnectionWriter writer) {
        this.writer = writer;
    }

    @Override
    public void ready(Subscription ready) {
        subscription = ready;
        writer.ready(this);
    }

    /** False when the last batch held all there was: it is told when there is more. */
    boolean mayHaveMore() {
        Subscription current = subscription;
        return current != null && current.mayHaveMore();
    }

    Optional<Batch> next(BatchLimit limit) {
        Subscription current = subscription;
        return current == null ? Optional.empty() : current.next(limit);
    }
}
