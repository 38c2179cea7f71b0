package dev.parley.connection;

import dev.parley.channel.Batch;
import dev.parley.channel.Room;
import dev.parley.channel.Subscriber;
import dev.parley.channel.Subscription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A subscription as an {@link Outbox} sees it: something that may have a batch. */
final class Source implements Subscriber {
    private final Outbox outbox;

    /** The same each time: written before the outbox's lock is taken, and read under it. */
    private @Nullable Subscription subscription;

    /** Whether it waits for its turn; guarded by the outbox. */
    boolean queued;

    Source(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void ready(Subscription ready) {
        subscription = ready;
        outbox.ready(this);
    }

    /** False when the last batch held all there was: it is told when there is more. */
    boolean mayHaveMore() {
        Subscription current = subscription;
        return current != null && current.mayHaveMore();
    }

    Optional<Batch> next(Room room) {
        Subscription current = subscription;
        return current == null ? Optional.empty() : current.next(room);
    }
}
