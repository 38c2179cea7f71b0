package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this client has published and the server has not acknowledged. Each has a key, so it can be sent again, on this
 * connection or another: the log takes it once.
 *
 * <p>The hard case: of two publishes in a row the server refuses the first for now (its log fails for a moment, commands
 * come too fast) and takes the second; sent again, the first would be stored behind the second. So by default a channel's
 * next one is sent only when the one before it has its answer ({@link ClientLimits#publishesAtOnce}); different channels
 * do not wait for each other. Used by the client's own thread alone, but for {@link #admit}.
 */
final class PendingPublishes {
    /** Of all channels, less than what the server lets be under way by default. */
    private static final int UNDER_WAY = 128;

    /** So often the server may fail over the same message before it is at fault. */
    private static final int FAILURES = 8;

    private final ClientLimits limits;
    private final Executor answers;
    private final Map<String, ChannelQueue> lanes = new LinkedHashMap<>();
    private final Map<Long, PendingPublish> underWay = new LinkedHashMap<>();
    private long lastNumber;
    private boolean paused;
    private @Nullable Closing abandoned;

    // Guarded by this.
    private int count;
    private long bytes;

    /** What waits for one channel, and how much of it is under way. */
    private static final class ChannelQueue {
        private final PriorityQueue<PendingPublish> waiting =
                new PriorityQueue<>(Comparator.comparingLong(PendingPublish::number));
        private int underWay;

        boolean isIdle() {
            return underWay == 0 && waiting.isEmpty();
        }
    }

    /** @param answers completes the futures: whatever hangs on them must not hold up the client */
    PendingPublishes(ClientLimits limits, Executor answers) {
        this.limits = limits;
        this.answers = answers;
    }

    /**
     * Takes the room that it needs until its future is completed. For any thread.
     *
     * @throws RefusedException {@code too-many-publishes}
     */
    synchronized void admit(PendingPublish pending) {
        if (count >= limits.publishesWaiting()) {
            throw full(count + " publishes wait for the server; the limit is " + limits.publishesWaiting()
                    + " (ClientLimits.publishesWaiting).");
        }
        if (count > 0 && bytes + pending.size() > limits.bytesWaiting()) {
            throw full(bytes + " bytes of publishes wait for the server; with " + pending.size()
                    + " more they pass the limit of " + limits.bytesWaiting() + " (ClientLimits.bytesWaiting).");
        }
        count++;
        bytes += pending.size();
    }

    /** One that was admitted. */
    void add(PendingPublish pending) {
        Closing end = abandoned;
        if (end != null) {
            fail(pending, end.unsent());
            return;
        }
        pending.number(++lastNumber);
        lane(pending).waiting.add(pending);
    }

    /** The next to be sent, if one may be; it is under way by this id then. */
    Optional<PendingPublish> next(long id, String user) {
        if (paused || underWay.size() >= UNDER_WAY) {
            return Optional.empty();
        }
        for (Iterator<ChannelQueue> all = lanes.values().iterator(); all.hasNext(); ) {
            ChannelQueue queue = all.next();
            Optional<PendingPublish> next =
                    queue.underWay < limits.publishesAtOnce() ? next(queue, user) : Optional.empty();
            if (next.isPresent()) {
                queue.underWay++;
                underWay.put(id, next.get());
                next.get().sentAs(user);
                return next;
            }
            if (queue.isIdle()) {
                all.remove();
            }
        }
        return Optional.empty();
    }

    private Optional<PendingPublish> next(ChannelQueue queue, String user) {
        for (PendingPublish pending = queue.waiting.poll(); pending != null; pending = queue.waiting.poll()) {
            if (pending.future().isDone()) {
                release(pending);
            } else if (pending.wasSentByAnother(user)) {
                fail(
                        pending,
                        ErrorCode.UNAVAILABLE,
                        "The client is another user now; whether this was stored before, nobody can tell.");
            } else {
                return Optional.of(pending);
            }
        }
        return Optional.empty();
    }

    /**
     * The server has answered.
     *
     * @return whether it asks to try again later; nothing is sent then before {@link #proceed}
     */
    boolean answered(long id, Reply reply) {
        PendingPublish pending = underWay.remove(id);
        if (pending == null) {
            return false;
        }
        ChannelQueue queue = lane(pending);
        queue.underWay--;
        if (reply instanceof Reply.Published published) {
            complete(pending, published.position());
        } else if (reply instanceof Reply.Failed failed && isWorthAnother(pending, failed.code())) {
            queue.waiting.add(pending);
            paused = true;
            return true;
        } else if (reply instanceof Reply.Failed failed) {
            fail(pending, failed.code(), failed.message());
        }
        forget(pending.channel(), queue);
        return false;
    }

    private static boolean isWorthAnother(PendingPublish pending, ErrorCode code) {
        return code.retry() && (code != ErrorCode.INTERNAL || pending.failedAgain() < FAILURES);
    }

    /** The pause is over. */
    void proceed() {
        paused = false;
    }

    /** The connection is gone: all that was under way waits again, in its old place. */
    void interrupted() {
        underWay.values().forEach(pending -> lane(pending).waiting.add(pending));
        underWay.clear();
        lanes.values().forEach(queue -> queue.underWay = 0);
        paused = false;
    }

    /**
     * The server has ended the connection over a message that is too large: the largest it was sent must be it.
     *
     * @return false when there was none
     */
    boolean failLargest() {
        Optional<Map.Entry<Long, PendingPublish>> largest = underWay.entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().size()));
        largest.ifPresent(entry -> {
            underWay.remove(entry.getKey());
            lane(entry.getValue()).underWay--;
            fail(entry.getValue(), ErrorCode.TOO_LARGE, "The server has closed the connection: 1009, too-large.");
        });
        return largest.isPresent();
    }

    /** Nothing more is sent; whether what was sent and has no answer was stored, nobody here knows. */
    void abandon(Closing closing) {
        abandoned = closing;
        interrupted();
        lanes.values()
                .forEach(queue -> queue.waiting.forEach(
                        pending -> fail(pending, pending.wasSent() ? closing.unanswered() : closing.unsent())));
        lanes.clear();
    }

    /** Waits until every publish has its answer, but no longer than this. For any thread. */
    synchronized void awaitEmpty(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); count > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private ChannelQueue lane(PendingPublish pending) {
        return lanes.computeIfAbsent(pending.channel(), channel -> new ChannelQueue());
    }

    /** Behind the others, so that channels take turns; or away, when it has nothing. */
    private void forget(String channel, ChannelQueue queue) {
        lanes.remove(channel);
        if (!queue.isIdle()) {
            lanes.put(channel, queue);
        }
    }

    private void complete(PendingPublish pending, Position position) {
        release(pending);
        answer(pending.future(), future -> future.complete(position));
    }

    private void fail(PendingPublish pending, ErrorCode code, String message) {
        fail(pending, new RefusedException(code, message));
    }

    private void fail(PendingPublish pending, RefusedException reason) {
        release(pending);
        answer(pending.future(), future -> future.completeExceptionally(reason));
    }

    private void answer(CompletableFuture<Position> future, Consumer<CompletableFuture<Position>> how) {
        answers.execute(() -> how.accept(future));
    }

    private synchronized void release(PendingPublish pending) {
        count--;
        bytes -= pending.size();
        if (count == 0) {
            notifyAll();
        }
    }

    private static RefusedException full(String message) {
        return new RefusedException(ErrorCode.TOO_MANY_PUBLISHES, message);
    }
}
