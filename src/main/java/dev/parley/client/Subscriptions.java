package dev.parley.client;

import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a client reads, on one connection after the other. What comes is taken on the WebSocket's thread, in
 * its order; what is asked is asked on the client's own.
 */
final class Subscriptions {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int AT_ONCE = 64;

    private final EventLoop loop;
    private final ReplyCorrelator correlator;
    private final ListenerDispatcher dispatcher;
    private final Map<String, Cursor> cursors = new ConcurrentHashMap<>();

    /** The connection that has said who this client is; of the loop. */
    private @Nullable Object connection;

    Subscriptions(EventLoop loop, ReplyCorrelator correlator, ListenerDispatcher dispatcher) {
        this.loop = loop;
        this.correlator = correlator;
        this.dispatcher = dispatcher;
    }

    /**
     * For any thread.
     *
     * @throws IllegalStateException when the channel is read already
     */
    void add(Start start, ChannelListener listener) {
        Cursor cursor = new Cursor(start, listener, dispatcher);
        if (cursors.putIfAbsent(start.channel(), cursor) != null) {
            throw new IllegalStateException(
                    "This client reads " + start.channel() + " already; unsubscribe first to read it otherwise.");
        }
        loop.run(() -> ask(List.of(cursor)));
    }

    /** For any thread; the listener is not called any more but for a call that is under way. */
    void remove(String channel) {
        Cursor cursor = cursors.remove(channel);
        if (cursor != null) {
            cursor.end();
            loop.run(() -> {
                if (connection != null && cursor.wasAsked(connection)) {
                    correlator.say(id -> new Command.Unsubscribe(id, channel));
                }
            });
        }
    }

    Optional<Position> position(String channel) {
        return Optional.ofNullable(cursors.get(channel)).flatMap(Cursor::delivered);
    }

    /** All are read on over this connection. */
    void open(Object next) {
        connection = next;
        ask(cursors.values());
    }

    void interrupted() {
        connection = null;
    }

    /** There is room again for what those would bring whose cursors were given back. */
    void resume() {
        ask(cursors.values().stream().filter(Cursor::isGivenBack).toList());
    }

    /** On the WebSocket's thread. */
    void subscribed(Object from, Reply.Subscribed subscribed) {
        for (Reply.Subscription subscription : subscribed.subscriptions()) {
            Cursor cursor = cursors.get(subscription.channel());
            if (cursor != null && subscription instanceof Reply.Started started) {
                cursor.started(from, started);
            } else if (cursor != null && subscription instanceof Reply.Refused refused) {
                loop.run(() -> refused(from, cursor, refused.code()));
            }
        }
    }

    /** On the WebSocket's thread. */
    void pushed(Object from, Push.OfChannel push) {
        Cursor cursor = cursors.get(push.channel());
        if (cursor == null) {
            return;
        }
        if (push instanceof Push.Ended ended) {
            loop.run(() -> refused(from, cursor, ended.code()));
        } else if (!cursor.take(from, push)) {
            loop.run(() -> giveBack(from, cursor));
        }
    }

    private void ask(Collection<Cursor> wanted) {
        Object current = connection;
        if (current == null) {
            return;
        }
        List<Cursor> all =
                wanted.stream().filter(cursor -> cursor.mayAsk(current)).toList();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<Cursor> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            List<Start> starts =
                    some.stream().map(cursor -> cursor.ask(current)).toList();
            correlator.ask(id -> new Command.Subscribe(id, starts, true), reply -> {
                if (reply instanceof Reply.Failed failed) {
                    some.forEach(cursor -> refused(current, cursor, failed.code()));
                }
            });
        }
    }

    /** For now: it is asked again; for good: the listener is told. */
    private void refused(Object from, Cursor cursor, ErrorCode code) {
        if (from != connection || cursors.get(cursor.channel()) != cursor) {
            return;
        }
        if (code.retry()) {
            cursor.refused(from);
            loop.later(RETRY, () -> ask(List.of(cursor)));
        } else if (cursors.remove(cursor.channel(), cursor)) {
            cursor.end(code);
        }
    }

    /**
     * The server keeps what is still to come in its log. There may be room again by now: who was told so before the cursor
     * was given back has not asked for it.
     */
    private void giveBack(Object from, Cursor cursor) {
        if (from == connection && cursor.giveBack(from)) {
            correlator.say(id -> new Command.Unsubscribe(id, cursor.channel()));
            if (dispatcher.hasRoom()) {
                ask(List.of(cursor));
            }
        }
    }
}
