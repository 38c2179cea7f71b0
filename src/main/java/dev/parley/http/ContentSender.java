package dev.parley.http;

import dev.parley.channel.ContentReader;
import dev.parley.concurrent.DrainLoop;
import dev.parley.connection.Connections;
import dev.parley.connection.Transport;
import dev.parley.log.ContentPiece;
import dev.parley.protocol.Bytes;
import dev.parley.security.Holder;
import dev.parley.security.SharedBudget;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends content as its client takes it: a piece is read from the log when the one before was taken, so that a client that
 * does not read holds one piece and no thread. Whoever does not take a piece within the time for a send ({@code
 * parley.limits.send-timeout}) is cut off, and so is one whose share others need more, or whose content is trimmed away
 * meanwhile.
 */
final class ContentSender implements Transport.Completion {
    private static final int PIECE = 64 * 1024;

    private final ResponseWriter response;
    private final ContentReader reader;
    private final Connections connections;
    private final SharedBudget.Reservation room;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final DrainLoop loop = new DrainLoop(this::goOn);
    private volatile Future<?> deadline = CompletableFuture.completedFuture(null);

    // One after the other: read, written, taken.
    private long next;
    private long end;
    private @Nullable Bytes piece;

    /** @param holder whose share of the budget it is */
    ContentSender(
            ResponseWriter response,
            ContentReader reader,
            Connections connections,
            SharedBudget budget,
            Holder holder) {
        this.response = response;
        this.reader = reader;
        this.connections = connections;
        this.room = budget.open(holder, () -> connections.closing().execute(() -> failed(new IllegalStateException())));
    }

    /**
     * Makes room for the pieces of what is to be sent.
     *
     * @param from the first byte
     * @return false when there is none; then nothing is sent
     */
    boolean reserve(long from, long length) {
        next = from;
        end = from + length;
        return room.take(Math.min(PIECE, length));
    }

    /** The response has begun. */
    void start() {
        response.whenGone(this::finish);
        loop.drain();
    }

    /** Told on the sender's stack, perhaps: so it only tells the loop to go on. */
    @Override
    public void sent() {
        loop.drain();
    }

    /** Does one thing; when that is done, the loop is told. */
    private boolean goOn() {
        deadline.cancel(false);
        Bytes read = piece;
        piece = null;
        if (ended.get()) {
            return false;
        }
        if (read != null) {
            deadline = connections.after(connections.limits().sendTimeout(), () -> failed(new IllegalStateException()));
            response.write(List.of(read.asBuffer()), this);
        } else if (next == end) {
            finish();
            response.end();
        } else {
            int most = (int) Math.min(PIECE, end - next);
            reader.read(next, most)
                    .whenComplete((found, failure) -> came(most, failure == null ? found : Optional.empty()));
        }
        return false;
    }

    private void came(int expected, Optional<ContentPiece> found) {
        Optional<Bytes> bytes = found.map(ContentPiece::bytes).filter(some -> some.size() == expected);
        if (bytes.isEmpty()) {
            failed(new IllegalStateException());
            return;
        }
        next += expected;
        piece = bytes.get();
        loop.drain();
    }

    @Override
    public void failed(Throwable reason) {
        if (finish()) {
            response.cut();
        }
    }

    /** False when it was over already: the connection may be another response's by now. */
    private boolean finish() {
        deadline.cancel(false);
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            room.giveAll();
        }
        return first;
    }
}
