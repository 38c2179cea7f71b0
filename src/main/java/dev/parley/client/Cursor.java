package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's place on one channel. It takes each message once and in order, whatever connections it comes by.
 *
 * <p>The hard case: an old connection still speaks while a new one already does. So it listens only to the connection on
 * which it has asked last, and only since that has answered; what was taken until it asked is what it asks to go on from.
 * Where the log has forgotten what was taken, that is the place at which the log left off.
 *
 * <p>Thread-safe and non-blocking.
 */
final class Cursor {
    private static final int ENVELOPE = 256;

    private final Start wanted;
    private final ChannelListener listener;
    private final ListenerDispatcher dispatcher;

    // Guarded by this.
    private final KnownEpochs epochs = new KnownEpochs();
    private @Nullable Position taken;
    private @Nullable Object asked;
    private Phase phase = Phase.IDLE;

    private volatile @Nullable Position delivered;
    private volatile boolean over;

    private enum Phase {
        /** Not asked, or refused for now. */
        IDLE,
        ASKED,
        OPEN,
        /** The listener has no room: what comes is not taken, and the cursor is to be given back. */
        FULL,
        GIVEN_BACK
    }

    Cursor(Start wanted, ChannelListener listener, ListenerDispatcher dispatcher) {
        this.wanted = wanted;
        this.listener = listener;
        this.dispatcher = dispatcher;
    }

    String channel() {
        return wanted.channel();
    }

    /** Whether it has nothing on this connection, so that it may be asked for. */
    synchronized boolean mayAsk(Object connection) {
        return !over && (asked != connection || phase == Phase.IDLE || phase == Phase.GIVEN_BACK);
    }

    /** Where to begin on this connection; from now on it is the one that counts. */
    synchronized Start ask(Object connection) {
        asked = connection;
        phase = Phase.ASKED;
        return taken == null ? wanted : Start.after(wanted.channel(), taken);
    }

    /** The server would not open it for now. */
    synchronized void refused(Object connection) {
        if (asked == connection) {
            phase = Phase.IDLE;
        }
    }

    /** True once, when it is to be given back on this connection since the listener has no room. */
    synchronized boolean giveBack(Object connection) {
        boolean full = asked == connection && phase == Phase.FULL && !over;
        if (full) {
            phase = Phase.GIVEN_BACK;
        }
        return full;
    }

    synchronized boolean isGivenBack() {
        return phase == Phase.GIVEN_BACK && !over;
    }

    synchronized boolean wasAsked(Object connection) {
        return asked == connection;
    }

    /** Up to where the listener has been told everything. */
    Optional<Position> delivered() {
        return Optional.ofNullable(delivered);
    }

    /** The server has opened the cursor, perhaps elsewhere than was asked. */
    synchronized void started(Object from, Reply.Started started) {
        if (from != asked || phase != Phase.ASKED || over) {
            return;
        }
        phase = Phase.OPEN;
        taken = started.position();
        epochs.started(started);
        started.forgotten().ifPresent(range -> call(() -> listener.forgotten(channel(), range)));
        if (started.lost().isPresent()
                || (!started.recovered() && started.forgotten().isEmpty())) {
            call(() -> listener.lost(channel(), started.lost()));
        }
        call(() -> {
            delivered = started.position();
            listener.opened(started);
        });
    }

    /** Nothing more comes; the listener is told nothing any more. */
    void end() {
        over = true;
    }

    /** Nothing more comes, as the server says. */
    void end(ErrorCode code) {
        call(() -> {
            over = true;
            listener.ended(channel(), code);
        });
    }

    /** @return false when there is no room, so that the cursor must be given back */
    synchronized boolean take(Object from, Push push) {
        if (from != asked || phase != Phase.OPEN || over) {
            return true;
        }
        boolean room;
        if (push instanceof Message message) {
            room = take(message.position(), size(message), () -> listener.message(message));
        } else if (push instanceof Push.Unreadable unreadable) {
            room = take(unreadable.position(), ENVELOPE, () -> listener.unreadable(unreadable));
        } else {
            room = dispatcher.offer(ENVELOPE, () -> tell(push));
        }
        if (!room) {
            phase = Phase.FULL;
        } else if (push instanceof Push.Forgotten forgotten) {
            taken = forgotten.range().after();
            epochs.ended(forgotten.ancestors());
        }
        return room;
    }

    private boolean take(Position next, long size, Runnable telling) {
        Position last = taken;
        if (last != null) {
            epochs.reached(next, last);
            if (!epochs.isAfter(next, last)) {
                return true;
            }
        }
        boolean room = dispatcher.offer(size, () -> deliver(next, telling));
        if (room) {
            taken = next;
        }
        return room;
    }

    private void deliver(Position position, Runnable telling) {
        if (!over) {
            try {
                telling.run();
            } finally {
                delivered = position;
            }
        }
    }

    private void tell(Push push) {
        if (over) {
            return;
        }
        if (push instanceof Push.Join join) {
            listener.joined(channel(), join.member());
        } else if (push instanceof Push.Leave leave) {
            listener.left(channel(), leave.member());
        } else if (push instanceof Push.Members members) {
            listener.members(channel(), members.count());
        } else if (push instanceof Push.Lost lost) {
            listener.lost(channel(), lost.range());
        } else if (push instanceof Push.Forgotten forgotten) {
            delivered = forgotten.range().after();
            listener.forgotten(channel(), forgotten.range());
        }
    }

    private void call(Runnable task) {
        dispatcher.call(() -> {
            if (!over) {
                task.run();
            }
        });
    }

    private static long size(Message message) {
        return ENVELOPE
                + (message.body() instanceof Body.Json ? 2L : 1L)
                        * message.body().weight();
    }
}
