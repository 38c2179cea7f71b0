package dev.parley.client;

import dev.parley.protocol.Command;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's place on one channel. It takes each message once and in order, also while an old connection still speaks
 * and a new one already does. Safe for several threads.
 */
final class Cursor {
    private final Command.Start wanted;
    private final ChannelListener listener;
    private final Dispatcher dispatcher;
    private @Nullable Position position;

    Cursor(Command.Start wanted, ChannelListener listener, Dispatcher dispatcher) {
        this.wanted = wanted;
        this.listener = listener;
        this.dispatcher = dispatcher;
    }

    /** Where to begin on a new connection. */
    synchronized Command.Start start() {
        return position == null ? wanted : Command.Start.after(wanted.channel(), position);
    }

    synchronized Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    /** The server has opened the cursor, perhaps elsewhere than was asked. */
    synchronized void started(Reply.Started started) {
        if (!started.recovered()) {
            call(() -> listener.lost(started.lost()));
        }
        if (position == null || !started.recovered()) {
            position = started.position();
        }
    }

    synchronized void refused(Reply.Refused refused) {
        call(() -> listener.ended(refused.code()));
    }

    synchronized void take(Push push) {
        if (push instanceof Message message) {
            take(message);
        } else if (push instanceof Push.Join join) {
            call(() -> listener.joined(join.member()));
        } else if (push instanceof Push.Leave leave) {
            call(() -> listener.left(leave.member()));
        } else if (push instanceof Push.Members members) {
            call(() -> listener.members(members.count()));
        } else if (push instanceof Push.Lost lost) {
            call(() -> listener.lost(lost.range()));
        } else if (push instanceof Push.Ended ended) {
            call(() -> listener.ended(ended.code()));
        }
    }

    private void take(Message message) {
        Position next = message.position();
        boolean known = position != null && position.epoch().equals(next.epoch()) && next.offset() <= position.offset();
        if (!known) {
            position = next;
            call(() -> listener.message(message));
        }
    }

    /** Within the lock, so that the order of the calls is the order of the messages. */
    private void call(Runnable call) {
        dispatcher.call(call);
    }
}
