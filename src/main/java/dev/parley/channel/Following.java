package dev.parley.channel;

import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cursor of the application's own: gives a listener what a channel's other readers get, in the same order, one push
 * after the other. A slow listener gets it later, and holds up nobody.
 *
 * @see Channels#follow
 */
public final class Following implements AutoCloseable {
    private static final Room BATCH = Room.of(32 * 1024);
    private static final int ROUNDS = 16;
    private static final System.Logger LOGGER = System.getLogger(Following.class.getName());

    private final Executor executor;
    private final Consumer<Push> listener;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile @Nullable Subscription subscription;

    Following(Executor executor, Consumer<Push> listener) {
        this.executor = executor;
        this.listener = listener;
    }

    /** Pushes as they are; shared by all who follow. */
    enum Form implements Representation {
        PLAIN;

        @Override
        public Optional<Encoded> encode(Push push) {
            return Optional.of(new Encoded.Unwritten(push));
        }

        @Override
        public boolean joins() {
            return false;
        }
    }

    /** Where it began. */
    public Reply.Started started() {
        return Objects.requireNonNull(subscription).started();
    }

    /** Ends it; a push that is being listened to is listened to the end. */
    @Override
    public void close() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    Following over(Subscription opened) {
        subscription = opened;
        opened.start();
        return this;
    }

    void ready(Subscription ready) {
        if (turns.getAndIncrement() == 0) {
            later(ready);
        }
    }

    private void later(Subscription ready) {
        try {
            executor.execute(() -> turn(ready));
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping.");
        }
    }

    /** Some batches, then the others' turn. */
    private void turn(Subscription ready) {
        int seen = turns.get();
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Batch> batch = ready.next(BATCH);
            if (batch.isEmpty()) {
                if (turns.addAndGet(-seen) != 0) {
                    later(ready);
                }
                return;
            }
            batch.get().pieces().forEach(this::tell);
        }
        later(ready);
    }

    private void tell(Encoded piece) {
        try {
            listener.accept(((Encoded.Unwritten) piece).push());
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "A listener failed; it is told what follows all the same", e);
        }
    }
}
