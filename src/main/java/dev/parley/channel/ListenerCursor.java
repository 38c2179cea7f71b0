package dev.parley.channel;

import dev.parley.api.Following;
import dev.parley.concurrent.DrainLoop;
import dev.parley.concurrent.FailureLog;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of {@link HubChannels#follow}: reads as any subscription does, and gives the listener one batch after the other on
 * threads of the listener's class.
 */
final class ListenerCursor implements Following {
    private static final BatchLimit BATCH = BatchLimit.of(32 * 1024);
    private static final int ROUNDS = 16;
    private static final System.Logger LOGGER = System.getLogger(ListenerCursor.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final Consumer<Push> listener;
    private final DrainLoop telling;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private volatile @Nullable Subscription subscription;

    ListenerCursor(Executor executor, Consumer<Push> listener) {
        this.listener = listener;
        this.telling = new DrainLoop(
                this::tellBatch,
                ROUNDS,
                executor,
                failure -> LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping.", failure));
    }

    /** Pushes as they are; shared by all who follow. */
    enum Form implements Representation {
        PLAIN;

        @Override
        public Optional<Encoded> encode(Push push) {
            return Optional.of(new Encoded.Unwritten(push));
        }

        @Override
        public boolean wantsWhole() {
            return true;
        }

        @Override
        public boolean joins() {
            return false;
        }
    }

    @Override
    public Reply.Started started() {
        return Objects.requireNonNull(subscription).started();
    }

    @Override
    public CompletionStage<Void> caughtUp() {
        return caughtUp;
    }

    @Override
    public void close() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    ListenerCursor over(Subscription opened) {
        subscription = opened;
        opened.start();
        return this;
    }

    /** There may be something; it is told by one batch after the other, after some of them when others had their turn. */
    void ready() {
        telling.schedule();
    }

    private boolean tellBatch() {
        Subscription open = Objects.requireNonNull(subscription);
        Optional<Batch> batch = open.next(BATCH);
        batch.ifPresent(taken -> taken.pieces().forEach(this::tell));
        if (!caughtUp.isDone() && open.isCaughtUp()) {
            caughtUp.complete(null);
        }
        return batch.isPresent();
    }

    private void tell(Encoded piece) {
        try {
            listener.accept(((Encoded.Unwritten) piece).push());
        } catch (Throwable e) {
            FAILURES.failed("A listener failed; it is told what follows all the same", e);
        }
    }
}
