package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.Start;
import jakarta.json.JsonValue;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.WebSocketContainer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A client that never loses its place: it reconnects by itself, reads each channel on from where it was, and publishes
 * what was not acknowledged again, with the same key.
 *
 * <pre>{@code
 * try (ParleyClient client = new ParleyClient(ClientOptions.to(URI.create("ws://127.0.0.1:8080/channels")).named("Ann"))) {
 *     client.subscribe(Start.history("chat.lobby", 50), message -> System.out.println(Data.object(message)));
 *     client.publishJson("chat.lobby", "{\"text\":\"hi\"}").thenAccept(position -> System.out.println(position));
 * }
 * }</pre>
 *
 * <p>It begins to connect when it is made, and ends when it is closed or the server says not to come back. Nothing here
 * waits but {@link #close}, and nothing throws what the server refuses: that comes by the future, as a
 * {@link RefusedException} with the server's code. Listeners are called on one thread of the client's, what hangs on its
 * futures on another, in their order: it may take its time and ask for more, but what waits there for a later future of the
 * same client waits for ever. Thread-safe.
 */
public final class ParleyClient implements AutoCloseable {
    private final ClientOptions options;
    private final Connector connector;
    private final FutureCompleter completer;
    private volatile boolean closing;

    /** On the WebSocket client that is on the class path. */
    public ParleyClient(ClientOptions options) {
        this(options, new StateListener() {});
    }

    /** On the WebSocket client that is on the class path. */
    public ParleyClient(ClientOptions options, StateListener state) {
        this(options, state, ContainerProvider.getWebSocketContainer());
    }

    public ParleyClient(ClientOptions options, StateListener state, WebSocketContainer container) {
        this.options = options;
        ProxySettings.apply(container, options.uri(), options.proxy());
        this.completer = new FutureCompleter(options.threads());
        this.connector = new Connector(options, state, container, new PendingPublishes(options.limits(), completer));
        connector.start();
    }

    /**
     * Reads a channel. What is refused is told to the listener.
     *
     * @param start where to begin the first time; after a reconnect it is read on from the last message
     * @throws RefusedException {@code invalid-name}
     * @throws IllegalStateException when this client reads the channel already
     */
    public void subscribe(Start start, ChannelListener listener) {
        Names.requireChannel(start.channel());
        connector.subscriptions().add(start, listener);
    }

    /** Reads a channel no longer: when this returns no call of its listener begins any more. */
    public void unsubscribe(String channel) {
        connector.subscriptions().remove(channel);
    }

    /**
     * Up to where the listener of a channel has been told everything; empty before the server has opened the cursor. Kept
     * somewhere, it lets another client go on from there: {@code Start.after}.
     */
    public Optional<Position> position(String channel) {
        return connector.subscriptions().position(channel);
    }

    /** Publishes JSON; see {@link #publish(String, Body)}. */
    public CompletionStage<Position> publish(String channel, JsonValue value) {
        return publishJson(channel, value.toString());
    }

    /** Publishes JSON that is written already; see {@link #publish(String, Body)}. */
    public CompletionStage<Position> publishJson(String channel, String json) {
        try {
            return publish(channel, Data.ofJson(json));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Publishes plain text, as a JSON string; see {@link #publish(String, Body)}. */
    public CompletionStage<Position> publishText(String channel, String text) {
        return publish(channel, Data.ofText(text));
    }

    /**
     * Publishes, now or when the connection is there again; gives the position once the server has committed it.
     *
     * <p>It is sent again until the server has said that it has it or that it will not take it, and stored once. Messages
     * to one channel are stored in the order of these calls ({@link ClientLimits#publishesAtOnce}). The future fails with a
     * {@link RefusedException} where it is of no use to try again; with {@code too-many-publishes} when too much waits
     * already; with {@code unavailable} when the client is closed before the answer has come. Whoever completes or cancels
     * the future itself takes back what was not yet sent.
     */
    public CompletionStage<Position> publish(String channel, Body body) {
        return publish(channel, body, UUID.randomUUID().toString());
    }

    /**
     * The same with a key of one's own, so that a program that was ended in between can publish it again: the same key of
     * the same user is stored once.
     */
    public CompletionStage<Position> publish(String channel, Body body, String key) {
        PendingPublish pending = new PendingPublish(channel, key, body);
        try {
            Names.requireChannel(channel);
            Names.requireKey(Optional.of(key));
            body.requirePublishable();
            if (closing) {
                throw connector.closed();
            }
            connector.exchange().admit(pending);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (!connector.loop().run(() -> connector.exchange().publish(pending))) {
            return CompletableFuture.failedFuture(connector.closed());
        }
        return pending.future();
    }

    /** Asks who is on a channel; fails with {@code unavailable} when there is no connection just now. */
    public CompletionStage<Reply.Present> presence(String channel) {
        return ask(channel, id -> new Command.Presence(id, channel), Reply.Present.class);
    }

    /**
     * Asks for older messages, the newest of those before a position, in order; fails with {@code unavailable} when there
     * is no connection just now.
     *
     * @param before empty: the channel's newest
     * @param limit how many at most; the answer may hold fewer, and says whether there are more
     */
    public CompletionStage<Reply.History> history(String channel, Optional<Position> before, int limit) {
        return ask(channel, id -> new Command.History(id, channel, before, limit), Reply.History.class);
    }

    private <R extends Reply> CompletionStage<R> ask(
            String channel, ReplyCorrelator.PendingCommand asking, Class<R> kind) {
        if (!Names.isChannel(channel)) {
            return CompletableFuture.failedFuture(new RefusedException(ErrorCode.INVALID_NAME));
        }
        CompletableFuture<R> future = new CompletableFuture<>();
        boolean asked = connector
                .loop()
                .run(() -> connector.exchange().askWhenOpen(asking, reply -> {
                    if (kind.isInstance(reply)) {
                        completer.execute(() -> future.complete(kind.cast(reply)));
                    } else if (reply instanceof Reply.Failed failed) {
                        completer.execute(() ->
                                future.completeExceptionally(new RefusedException(failed.code(), failed.message())));
                    } else {
                        completer.execute(() -> future.completeExceptionally(new RefusedException(ErrorCode.INTERNAL)));
                    }
                }));
        return asked ? future : CompletableFuture.failedFuture(connector.closed());
    }

    /**
     * Takes no further publishes, waits until those there are have their answers, up to {@link ClientTimes#flush}, and ends
     * the connection. Then futures without an answer fail with {@code unavailable}: theirs may or may not be stored. What
     * listeners were not yet told is dropped; when this returns no call of theirs begins any more. Called by a listener or
     * by what hangs on a future, it waits for nothing.
     */
    @Override
    public void close() {
        closing = true;
        boolean inside = connector.loop().isCurrent() || connector.dispatcher().isCurrent() || completer.isCurrent();
        try {
            if (!inside) {
                connector.exchange().awaitEmpty(options.times().flush());
            }
            end();
            if (!inside) {
                connector.dispatcher().await(options.times().flush());
                completer.await(options.times().flush());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end();
        }
    }

    private void end() {
        connector.loop().run(() -> connector.end(Closing.BY_ITSELF));
    }
}
