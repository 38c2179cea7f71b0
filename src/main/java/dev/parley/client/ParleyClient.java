package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.FromServer;
import dev.parley.protocol.Json;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import jakarta.websocket.CloseReason;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that never loses its place: it reconnects by itself, reads each channel on from where it was, and publishes
 * what was not acknowledged again, with the same key.
 *
 * <pre>{@code
 * try (ParleyClient client = new ParleyClient(ClientOptions.to(URI.create("ws://127.0.0.1:8080/channels")))) {
 *     client.subscribe(Command.Start.history("chat.lobby", 50), message -> System.out.println(message));
 *     client.publish("chat.lobby", "{\"text\":\"hi\"}").thenAccept(position -> System.out.println(position));
 * }
 * }</pre>
 *
 * <p>It begins to connect when it is made, and ends when it is closed or the server says not to come back. Safe for
 * several threads; all of its own work is done on one, listeners are called on another.
 */
public final class ParleyClient implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ParleyClient.class.getName());
    private static final Duration RETRY = Duration.ofMillis(250);

    private final ClientOptions options;
    private final StateListener state;
    private final WebSocketContainer container;
    private final Dispatcher dispatcher = new Dispatcher();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "parley-client");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Cursor> cursors = new ConcurrentHashMap<>();

    // Used on the loop alone.
    private final Exchange exchange = new Exchange();
    private final Backoff backoff;
    private Optional<String> secret;
    private @Nullable ScheduledFuture<?> pings;

    private volatile @Nullable Link link;
    private volatile boolean closed;

    /** On the WebSocket client that is on the class path. */
    public ParleyClient(ClientOptions options) {
        this(options, new StateListener() {}, ContainerProvider.getWebSocketContainer());
    }

    public ParleyClient(ClientOptions options, StateListener state, WebSocketContainer container) {
        this.options = options;
        this.state = state;
        this.container = container;
        this.secret = options.secret();
        this.backoff = new Backoff(options.times().firstPause(), options.times().longestPause());
        loop.execute(this::connect);
    }

    /**
     * Reads a channel; a second time it does nothing. What is refused is told to the listener.
     *
     * @param start where to begin the first time; after a reconnect it is read on from the last message
     */
    public void subscribe(Command.Start start, ChannelListener listener) {
        Names.requireChannel(start.channel());
        if (cursors.putIfAbsent(start.channel(), new Cursor(start, listener, dispatcher)) == null) {
            onLoop(() -> {
                if (exchange.isOpen()) {
                    subscribe(List.of(start));
                }
            });
        }
    }

    /** Reads a channel no longer. */
    public void unsubscribe(String channel) {
        if (cursors.remove(channel) != null) {
            onLoop(() -> exchange.ask(id -> new Command.Unsubscribe(id, channel), reply -> {}));
        }
    }

    /** Where this client is on a channel; empty before the server has opened the cursor. */
    public Optional<Position> position(String channel) {
        return Optional.ofNullable(cursors.get(channel)).flatMap(Cursor::position);
    }

    /** Publishes JSON; see {@link #publish(String, Body)}. */
    public CompletionStage<Position> publish(String channel, String json) {
        return publish(channel, new Body.Json(Json.compact(json)));
    }

    /**
     * Publishes, now or when the connection is there again; gives the position once the server has committed it. Fails
     * with a {@link RefusedException} where it is of no use to try again, or when the client is closed before.
     */
    public CompletionStage<Position> publish(String channel, Body body) {
        Names.requireChannel(channel);
        CompletableFuture<Position> future = new CompletableFuture<>();
        Publishes.Pending pending =
                new Publishes.Pending(channel, UUID.randomUUID().toString(), body, future);
        if (!onLoop(() -> exchange.publish(pending))) {
            future.completeExceptionally(new RefusedException(ErrorCode.UNAVAILABLE, "The client is closed."));
        }
        return future;
    }

    /** Asks who is on a channel; fails when there is no connection just now. */
    public CompletionStage<Reply.Present> presence(String channel) {
        CompletableFuture<Reply.Present> future = new CompletableFuture<>();
        boolean asking = onLoop(() -> exchange.ask(id -> new Command.Presence(id, channel), reply -> {
            if (reply instanceof Reply.Present present) {
                future.complete(present);
            } else {
                Reply.Failed failed = (Reply.Failed) reply;
                future.completeExceptionally(new RefusedException(failed.code(), failed.message()));
            }
        }));
        if (!asking) {
            future.completeExceptionally(new RefusedException(ErrorCode.UNAVAILABLE, "The client is closed."));
        }
        return future;
    }

    /** Ends the connection. What was published and not acknowledged may or may not be stored; its futures fail. */
    @Override
    public void close() {
        onLoop(() -> end(Optional.empty()));
    }

    private void connect() {
        if (closed) {
            return;
        }
        Link next = new Link(this::received, (ended, reason) -> onLoop(() -> ended(ended, reason)));
        link = next;
        try {
            next.open(container, options.uri());
            exchange.use(next);
            greet();
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "No connection", e);
            interrupted(next, String.valueOf(e.getMessage()));
        }
    }

    private void greet() {
        exchange.ask(
                id -> new Command.Connect(id, options.token().get(), secret, options.name(), OptionalInt.empty()),
                this::greeted);
        subscribe(cursors.values().stream().map(Cursor::start).toList());
        exchange.sendPublishes();
        watch();
    }

    private void greeted(Reply reply) {
        if (reply instanceof Reply.Connected connected) {
            backoff.reset();
            secret = connected.secret().or(() -> secret);
            dispatcher.call(() -> state.open(connected));
        } else if (reply instanceof Reply.Failed failed && !failed.code().retry()) {
            end(Optional.of(DisconnectCode.BAD_CREDENTIALS));
        }
    }

    private void subscribe(List<Command.Start> starts) {
        if (!starts.isEmpty()) {
            exchange.ask(id -> new Command.Subscribe(id, starts, true), reply -> {});
        }
    }

    /** On the WebSocket's thread: a slow listener holds it up, and so the server. */
    private void received(Link from, FromServer message) {
        if (message instanceof Reply.Subscribed subscribed) {
            subscribed.subscriptions().forEach(this::subscribed);
        }
        if (message instanceof Push.Disconnect disconnect && !disconnect.code().reconnect()) {
            onLoop(() -> end(Optional.of(disconnect.code())));
        } else if (message instanceof Reply reply) {
            onLoop(() -> replied(from, reply));
        } else if (message instanceof Push push) {
            pushed(push);
        }
    }

    private void subscribed(Reply.Subscription subscription) {
        Cursor cursor = cursors.get(subscription.channel());
        if (cursor != null && subscription instanceof Reply.Started started) {
            cursor.started(started);
        } else if (cursor != null && subscription instanceof Reply.Refused refused) {
            cursors.remove(subscription.channel());
            cursor.refused(refused);
        }
    }

    private void pushed(Push push) {
        if (push instanceof Push.OfChannel about) {
            Optional.ofNullable(cursors.get(about.channel())).ifPresent(cursor -> cursor.take(push));
        }
    }

    private void replied(Link from, Reply reply) {
        if (exchange.replied(from, reply)) {
            later(RETRY, exchange::sendPublishes);
        }
    }

    private void ended(Link from, CloseReason reason) {
        int code = reason.getCloseCode().getCode();
        boolean forGood =
                Arrays.stream(DisconnectCode.values()).anyMatch(known -> known.code() == code && known.code() >= 4_100);
        if (from == link && forGood) {
            end(Optional.empty());
        } else if (from == link && !closed) {
            interrupted(from, code + " " + reason.getReasonPhrase());
        }
    }

    private void interrupted(Link from, String reason) {
        if (from != link || closed) {
            return;
        }
        link = null;
        exchange.interrupted();
        Duration pause = backoff.next();
        dispatcher.call(() -> state.interrupted(reason, pause));
        later(pause, this::connect);
    }

    /** Asks a silent server for a word, and gives it up when none comes: a dead network says nothing. */
    private void watch() {
        if (pings != null) {
            pings.cancel(false);
        }
        long pause = Math.max(1, options.times().ping().toMillis() / 2);
        pings = loop.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Link current = link;
        if (!exchange.isOpen() || current == null) {
            return;
        }
        long quiet = System.nanoTime() - current.heardAt();
        long ping = options.times().ping().toNanos();
        if (quiet > 2 * ping) {
            interrupted(current, "The server is silent.");
            current.close();
        } else if (quiet > ping) {
            exchange.ask(Command.Ping::new, reply -> {});
        }
    }

    private void end(Optional<DisconnectCode> code) {
        if (closed) {
            return;
        }
        closed = true;
        Link current = link;
        link = null;
        exchange.abandon(new RefusedException(ErrorCode.UNAVAILABLE, "The client is closed."));
        if (current != null) {
            current.close();
        }
        code.ifPresent(known -> dispatcher.call(() -> state.closed(known)));
        dispatcher.close();
        loop.shutdown();
    }

    private void later(Duration pause, Runnable task) {
        if (!closed) {
            ScheduledFuture<?> unused = loop.schedule(() -> guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Does it on the client's own thread; false when the client is closed. */
    private boolean onLoop(Runnable task) {
        try {
            loop.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "The client failed", e);
        }
    }
}
