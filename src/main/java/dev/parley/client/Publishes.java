package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What this client has published and the server has not acknowledged. Each has a key, so it can be sent again on another
 * connection: the log takes it once. Used by the client's own thread alone.
 */
final class Publishes {
    /** Less than what the server lets be under way by default. */
    private static final int UNDER_WAY = 128;

    /** That wait for the server; more are refused. */
    private static final int WAITING = 10_000;

    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private final Map<Long, Pending> underWay = new LinkedHashMap<>();

    /** A publish with its key, until its future is completed. */
    record Pending(String channel, String key, Body body, CompletableFuture<Position> future) {
        Command.Publish command(long id) {
            return new Command.Publish(id, channel, Optional.of(key), body);
        }
    }

    void add(Pending pending) {
        if (waiting.size() >= WAITING) {
            pending.future()
                    .completeExceptionally(new RefusedException(
                            ErrorCode.TOO_MANY_PUBLISHES, "More than " + WAITING + " publishes wait for the server."));
        } else {
            waiting.add(pending);
        }
    }

    /** The next to be sent, if one may be; it is under way by this id then. */
    Optional<Pending> next(long id) {
        if (waiting.isEmpty() || underWay.size() >= UNDER_WAY) {
            return Optional.empty();
        }
        Pending pending = waiting.remove();
        underWay.put(id, pending);
        return Optional.of(pending);
    }

    /**
     * The server has answered.
     *
     * @return whether it asks to try again later
     */
    boolean answered(long id, Reply reply) {
        Pending pending = underWay.remove(id);
        if (pending == null) {
            return false;
        }
        if (reply instanceof Reply.Published published) {
            pending.future().complete(published.position());
        } else if (reply instanceof Reply.Failed failed && failed.code().retry()) {
            waiting.addFirst(pending);
            return true;
        } else if (reply instanceof Reply.Failed failed) {
            pending.future().completeExceptionally(new RefusedException(failed.code(), failed.message()));
        }
        return false;
    }

    /** The connection is gone: all that was under way is sent again, before what waits, in its order. */
    void interrupted() {
        List<Pending> again = new ArrayList<>(underWay.values());
        underWay.clear();
        for (int i = again.size() - 1; i >= 0; i--) {
            waiting.addFirst(again.get(i));
        }
    }

    /** Nothing more is sent; whether what was under way was stored, nobody here knows. */
    void abandon(RefusedException reason) {
        interrupted();
        waiting.forEach(pending -> pending.future().completeExceptionally(reason));
        waiting.clear();
    }
}
