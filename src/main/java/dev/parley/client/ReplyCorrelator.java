package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.wire.CommandWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands out, replies in: which reply is to which command, and what is published and not yet acknowledged. It outlives
 * the connections it uses, one after the other. Used by the client's own thread alone.
 */
final class ReplyCorrelator {
    private final PendingPublishes publishes;
    private final Map<Long, Consumer<Reply>> asked = new HashMap<>();
    private long lastId;
    private @Nullable MessageSink sink;
    private @Nullable String user;

    /** A command by the id it is given. */
    interface PendingCommand {
        Command command(long id);
    }

    ReplyCorrelator(PendingPublishes publishes) {
        this.publishes = publishes;
    }

    /** From now on over this connection; what is published waits until the server has said who this client is. */
    void use(MessageSink next) {
        sink = next;
    }

    /**
     * The server has said who this client is. Not before is anything published: a guest that never had its secret would
     * come back as another one, whose keys are others, and store the same twice.
     */
    void identified(String name) {
        user = name;
        sendPublishes();
    }

    /** The connection is gone: questions fail, publishes are kept for the next one. */
    void interrupted() {
        sink = null;
        user = null;
        List<Map.Entry<Long, Consumer<Reply>>> unanswered = List.copyOf(asked.entrySet());
        asked.clear();
        publishes.interrupted();
        unanswered.forEach(entry ->
                entry.getValue().accept(unavailable(entry.getKey(), "The connection ended before the answer came.")));
    }

    /** Nothing more is sent. */
    void abandon(Closing closing) {
        interrupted();
        publishes.abandon(closing);
    }

    boolean isOpen() {
        return user != null;
    }

    /** The answer comes once, on this thread. Without a connection it comes at once: {@code unavailable}. */
    void ask(PendingCommand asking, Consumer<Reply> answer) {
        MessageSink current = sink;
        long id = ++lastId;
        if (current == null) {
            answer.accept(unavailable(id, "There is no connection just now."));
        } else {
            asked.put(id, answer);
            current.send(CommandWriter.write(asking.command(id)));
        }
    }

    /** The same, but only on a connection on which the server has said who this client is. */
    void askWhenOpen(PendingCommand asking, Consumer<Reply> answer) {
        if (isOpen()) {
            ask(asking, answer);
        } else {
            answer.accept(unavailable(-1, "There is no connection just now."));
        }
    }

    /** A command whose answer tells nothing. */
    void say(PendingCommand asking) {
        MessageSink current = sink;
        if (current != null) {
            current.send(CommandWriter.write(asking.command(++lastId)));
        }
    }

    /**
     * Takes room for a publish. For any thread.
     *
     * @throws RefusedException {@code too-many-publishes}
     */
    void admit(PendingPublish pending) {
        publishes.admit(pending);
    }

    /** See {@link PendingPublishes#awaitEmpty}. */
    void awaitEmpty(Duration most) throws InterruptedException {
        publishes.awaitEmpty(most);
    }

    /** See {@link PendingPublishes#failLargest}. */
    boolean failLargest() {
        return publishes.failLargest();
    }

    /** One that was admitted. */
    void publish(PendingPublish pending) {
        publishes.add(pending);
        sendPublishes();
    }

    /** As many of those that wait as may be under way. */
    private void sendPublishes() {
        MessageSink current = sink;
        String name = user;
        while (current != null && name != null) {
            long id = lastId + 1;
            PendingPublish pending = publishes.next(id, name).orElse(null);
            if (pending == null) {
                return;
            }
            lastId = id;
            Command.Publish command = pending.command(id);
            if (pending.body() instanceof Body.Binary binary) {
                current.send(CommandWriter.write(command, binary));
            } else {
                current.send(CommandWriter.write(command));
            }
        }
    }

    /** What the server asked to send again later is sent now. */
    void proceed() {
        publishes.proceed();
        sendPublishes();
    }

    /**
     * A reply by the connection that is used now.
     *
     * @return whether the server asks to send a publish again later
     */
    boolean replied(Reply reply) {
        long id = id(reply);
        Consumer<Reply> answer = asked.remove(id);
        if (answer != null) {
            answer.accept(reply);
            return false;
        }
        boolean later = publishes.answered(id, reply);
        if (!later) {
            sendPublishes();
        }
        return later;
    }

    private static Reply.Failed unavailable(long id, String message) {
        return new Reply.Failed(id < 0 ? OptionalLong.empty() : OptionalLong.of(id), ErrorCode.UNAVAILABLE, message);
    }

    /** The replies to commands of ours: -1 where the server could not tell which. */
    private static long id(Reply reply) {
        return reply instanceof Reply.Done done
                ? done.id()
                : ((Reply.Failed) reply).id().orElse(-1);
    }
}
