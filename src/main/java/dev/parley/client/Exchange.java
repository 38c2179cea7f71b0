package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.CommandWriter;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands out, replies in: which reply is to which command, and what is published and not yet acknowledged. It outlives
 * the connections it uses, one after the other. Used by the client's own thread alone.
 */
final class Exchange {
    private final Publishes publishes = new Publishes();
    private final Map<Long, Consumer<Reply>> asked = new HashMap<>();
    private long lastId;
    private @Nullable Link link;

    /** A command by the id it is given. */
    interface Asking {
        Command command(long id);
    }

    /** From now on over this connection. */
    void use(Link next) {
        link = next;
    }

    /** The connection is gone: questions are forgotten, publishes are kept for the next one. */
    void interrupted() {
        link = null;
        asked.clear();
        publishes.interrupted();
    }

    void abandon(RefusedException reason) {
        interrupted();
        publishes.abandon(reason);
    }

    boolean isOpen() {
        return link != null;
    }

    /** Without a connection it is answered at once: {@code unavailable}. */
    void ask(Asking asking, Consumer<Reply> answer) {
        Link current = link;
        long id = ++lastId;
        if (current == null) {
            answer.accept(
                    new Reply.Failed(OptionalLong.of(id), ErrorCode.UNAVAILABLE, "There is no connection just now."));
        } else {
            asked.put(id, answer);
            current.send(CommandWriter.write(asking.command(id)));
        }
    }

    void publish(Publishes.Pending pending) {
        publishes.add(pending);
        sendPublishes();
    }

    /** As many of those that wait as may be under way. */
    void sendPublishes() {
        Link current = link;
        while (current != null) {
            long id = lastId + 1;
            Publishes.Pending pending = publishes.next(id).orElse(null);
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

    /** @return whether the server asks to send a publish again later */
    boolean replied(Link from, Reply reply) {
        if (from != link) {
            return false;
        }
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

    /** The replies to commands of ours: -1 where the server could not tell which. */
    private static long id(Reply reply) {
        if (reply instanceof Reply.Published published) {
            return published.id();
        } else if (reply instanceof Reply.Connected connected) {
            return connected.id();
        } else if (reply instanceof Reply.Subscribed subscribed) {
            return subscribed.id();
        } else if (reply instanceof Reply.Unsubscribed unsubscribed) {
            return unsubscribed.id();
        } else if (reply instanceof Reply.Present present) {
            return present.id();
        } else if (reply instanceof Reply.Refreshed refreshed) {
            return refreshed.id();
        } else if (reply instanceof Reply.Pong pong) {
            return pong.id();
        }
        return ((Reply.Failed) reply).id().orElse(-1);
    }
}
