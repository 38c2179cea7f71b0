package dev.parley.connection;

import dev.parley.api.Credentials;
import dev.parley.api.Identity;
import dev.parley.channel.Encoded;
import dev.parley.channel.Representation;
import dev.parley.channel.Subscription;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import dev.parley.security.Holder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, whatever carries it: who it is, its subscriptions, and its {@link ConnectionWriter}. It lives
 * from {@link Connections#open} or {@link Connections#converse} until its transport is said to be
 * {@link #transportClosed closed}, or until it ends itself. Thread-safe.
 */
public final class Connection {
    private final String id;
    private final Connections connections;
    private final Transport transport;
    private final ConnectionWriter writer;
    private final LastPing ping = new LastPing();

    // Written by a command or by whoever opened it, read by any thread.
    private volatile Identity identity;
    private volatile Representation representation;
    private volatile Optional<String> address = Optional.empty();
    private volatile @Nullable Heartbeat heartbeat;

    /** Written by whichever thread hears it, read by the timer. */
    private volatile long heardAt = System.nanoTime();

    // Guarded by this.
    private final Map<String, @Nullable Subscription> subscriptions = new HashMap<>(2);
    private Runnable ending = () -> {};
    private boolean closed;

    /** What is sent when nothing else was for so long, in nanoseconds. */
    private record Heartbeat(long interval, Encoded word) {}

    Connection(
            String id, Connections connections, Transport transport, Identity identity, Representation representation) {
        this.id = id;
        this.connections = connections;
        this.transport = transport;
        this.identity = identity;
        this.representation = representation;
        this.writer = new ConnectionWriter(
                transport,
                connections.delivery(),
                representation,
                connections.limits().batchSize(),
                this::transportClosed);
    }

    /** Names it in logs; unguessable. */
    public String id() {
        return id;
    }

    /** It is of a client at this address, as proxies that are believed have it; to be said before the client is heard. */
    public Connection at(Optional<String> client) {
        address = client;
        return this;
    }

    Optional<String> address() {
        return address;
    }

    public Identity identity() {
        return identity;
    }

    /** The client has said something, if only a pong. */
    public void heard() {
        heardAt = System.nanoTime();
    }

    /**
     * Opens a cursor. The subscription is given un-started, so that the caller can let a reply go first; whoever starts
     * it must do so or the client hears nothing.
     */
    public CompletionStage<Subscription> subscribe(Start start) {
        try {
            reserve(start.channel());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        return connections
                .channels()
                .subscribe(identity, start, representation, new BatchSource(writer))
                .whenComplete((subscription, failure) -> opened(start.channel(), subscription));
    }

    /** Closes a cursor; false when there is none. */
    public boolean unsubscribe(String channel) {
        Subscription subscription;
        synchronized (this) {
            subscription = subscriptions.get(channel);
            if (subscription == null) {
                return false;
            }
            subscriptions.remove(channel);
        }
        subscription.close();
        return true;
    }

    /** Queues a reply and sends it from this thread. Replies that are not read end the connection. */
    public void reply(Encoded reply) {
        queue(reply);
        writer.flush();
    }

    /** The same from a thread that others wait for. */
    public void replyAsync(Encoded reply) {
        queue(reply);
        writer.flushAsync();
    }

    /** From now on a batch holds no more of what channels push than this. */
    public void limitPushes(int count) {
        writer.limitPushes(count);
    }

    /** When nothing was sent for so long, this is: a proxy would else take the connection for dead. */
    public void beat(Duration interval, Encoded word) {
        heartbeat = new Heartbeat(interval.toNanos(), word);
    }

    /** Is told once, when it has ended for whatever reason; at once if it has. */
    public void whenClosed(Runnable told) {
        synchronized (this) {
            if (!closed) {
                Runnable before = ending;
                ending = () -> {
                    before.run();
                    told.run();
                };
                return;
            }
        }
        told.run();
    }

    /** Ends it with a last word, after what is in flight. */
    public void close(DisconnectCode code) {
        close(new Push.Disconnect(code));
    }

    void close(Push.Disconnect last) {
        boolean shown = representation.joins() && representation.threads().isEmpty();
        writer.close(last.code(), shown ? representation.encode(last) : Optional.empty());
    }

    /** The transport says that the client is gone; may be said twice. */
    public void transportClosed() {
        writer.end();
        Runnable told;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            told = ending;
        }
        connections.remove(this);
        endAll(Subscription::close);
        told.run();
    }

    /**
     * Ends it because its credentials are withdrawn: the user is gone from all channels before the last word is said.
     */
    void revoke() {
        endAll(Subscription::closeAtOnce);
        close(DisconnectCode.REVOKED);
    }

    boolean isRevoked() {
        return connections.revoked().includes(identity);
    }

    /**
     * Who was let in just before its credentials were withdrawn is found here; and whoever does not read its last word
     * is not waited for.
     */
    void checkRevoked() {
        if (isRevoked()) {
            if (isEnding()) {
                writer.abortUnread(DisconnectCode.REVOKED);
            } else {
                revoke();
            }
        }
    }

    private void endAll(Consumer<Subscription> ending) {
        Map<String, @Nullable Subscription> open;
        synchronized (this) {
            open = new HashMap<>(subscriptions);
            subscriptions.clear();
        }
        open.values().forEach(subscription -> {
            if (subscription != null) {
                ending.accept(subscription);
            }
        });
    }

    /** Whether its last word is said or waits to be: what the client still asks for is not done. */
    public boolean isEnding() {
        return writer.isEnding();
    }

    /** Finds out who it is, before its first subscription; fails with a {@link RefusedException}. */
    public CompletionStage<Void> identify(Credentials credentials) {
        return connections.identities().identify(credentials).thenAccept(who -> identify(who.identity()));
    }

    /** Who it is, now that this is known, or known anew. */
    void identify(Identity known) {
        identity = known;
        transport.identified(known);
    }

    /** Ends the subscriptions that its rights, looked at anew, no longer allow, each with a push. */
    void endForbidden() {
        Map<String, @Nullable Subscription> open;
        synchronized (this) {
            open = new HashMap<>(subscriptions);
        }
        open.forEach((channel, subscription) -> {
            if (subscription != null && !connections.channels().maySeePresence(identity, channel)) {
                subscription.hidePresence();
            }
            if (!connections.channels().maySubscribe(identity, channel) && unsubscribe(channel)) {
                tell(new Push.Ended(channel, ErrorCode.NOT_ALLOWED), () -> {});
            }
        });
    }

    /**
     * In its form, which may be a team's and wait.
     *
     * @param hidden is run where the form does not show it
     */
    private void tell(Push push, Runnable hidden) {
        Executor threads = representation.threads().orElse(Runnable::run);
        try {
            threads.execute(() -> tellNow(push, hidden));
        } catch (RejectedExecutionException e) { // the node is stopping
            hidden.run();
        }
    }

    private void tellNow(Push push, Runnable hidden) {
        Optional<Encoded> encoded = Optional.empty();
        try {
            encoded = representation.encode(push);
        } finally {
            encoded.ifPresentOrElse(this::replyAsync, hidden);
        }
    }

    /** Ends a subscription, as an operator wants it, with a push; an endpoint that shows none closes. */
    void end(String channel) {
        Subscription subscription;
        synchronized (this) {
            subscription = subscriptions.get(channel);
            if (subscription == null) {
                return;
            }
            subscriptions.remove(channel);
        }
        subscription.closeAtOnce();
        tell(new Push.Ended(channel, ErrorCode.REVOKED), () -> close(DisconnectCode.REVOKED));
    }

    /** Bytes of the largest message that the client takes, or of a batch. */
    public int batchSize() {
        return writer.batchSize();
    }

    /** The client takes no message larger than this. */
    void limitMessages(int bytes) {
        representation = WireRepresentation.upTo(bytes);
        writer.limitBatch(bytes);
    }

    /** Looks for what only time tells: a send that is not taken, a peer that does not answer. */
    void check(long now) {
        if (writer.stuckFor(now) > connections.limits().sendTimeout().toNanos()) {
            writer.abortUnread(DisconnectCode.SLOW);
            return;
        }
        Heartbeat beating = heartbeat;
        if (beating != null && writer.quietFor(now) >= beating.interval() - Connections.LOOK.toNanos()) {
            replyAsync(beating.word());
        }
        Pings pings = connections.pings();
        long heard = writer.heardAt(heardAt);
        boolean quiet = now - heard > pings.interval().toNanos();
        if (!quiet || ping.isAnsweredBy(heard)) {
            ping.answered();
        } else if (ping.waitingFor(now) > pings.timeout().toNanos()) {
            writer.abort(DisconnectCode.SILENT);
        } else if (ping.stuckFor(now) > connections.limits().sendTimeout().toNanos()) {
            writer.abort(DisconnectCode.SLOW);
        } else if (ping.ask(now) && !writer.ping(ping)) {
            ping.notSent();
        }
    }

    /** Ends it when its token has expired and no fresh one came; true when it has. */
    boolean checkToken() {
        boolean expired = identity.isExpired(Instant.now());
        if (expired) {
            close(DisconnectCode.TOKEN_EXPIRED);
        }
        return expired;
    }

    /** Completes when the client has taken what it was replied, but for a batch. */
    CompletableFuture<Void> caughtUp() {
        return writer.caughtUp();
    }

    /** Whose share it is what is done for it. */
    Holder holder() {
        return Holder.of(identity, address.orElse(""));
    }

    private void queue(Encoded reply) {
        if (writer.reply(reply) > connections.limits().repliesUnread()) {
            // A send is stuck, or there would be no such heap: a last word would wait behind it.
            writer.abort(DisconnectCode.REPLIES_UNREAD);
        }
    }

    private synchronized void reserve(String channel) {
        if (subscriptions.containsKey(channel)) {
            throw new RefusedException(ErrorCode.ALREADY_SUBSCRIBED);
        }
        int most = connections.limits().subscriptions();
        if (subscriptions.size() >= most) {
            throw new RefusedException(
                    ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                    "A connection may have " + most + " subscriptions (parley.limits.subscriptions).");
        }
        subscriptions.put(channel, null);
    }

    private void opened(String channel, @Nullable Subscription subscription) {
        synchronized (this) {
            if (!closed && subscriptions.containsKey(channel)) {
                if (subscription != null) {
                    subscriptions.put(channel, subscription);
                } else {
                    subscriptions.remove(channel);
                }
                return;
            }
        }
        if (subscription != null) {
            subscription.close();
        }
    }
}
