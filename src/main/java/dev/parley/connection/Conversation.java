package dev.parley.connection;

import dev.parley.channel.Encoded;
import dev.parley.channel.PresenceSnapshot;
import dev.parley.channel.Subscription;
import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Incoming;
import dev.parley.protocol.Member;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.WireWriter;
import dev.parley.security.Credentials;
import dev.parley.security.Identities;
import dev.parley.security.RateLimit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one connection, carried out in their order. A publish does not hold up what follows it; a subscribe
 * does, while the channel's place in the log is being read, so that what a client publishes after it reaches the
 * client. No thread waits for either. Safe for several threads.
 */
public final class Conversation {
    private static final int MOST_WAITING = 1_024;
    private static final int ENVELOPE = 256;
    private static final System.Logger LOGGER = System.getLogger(Conversation.class.getName());

    private final Connection connection;
    private final Connections connections;
    private final Credentials shown;
    private final AtomicInteger publishing = new AtomicInteger();

    // Guarded by this.
    private final RateLimit rate;
    private final ArrayDeque<Incoming> waiting = new ArrayDeque<>(0);
    private long waitingBytes;
    private boolean busy;
    private boolean identified;
    private @Nullable RefusedException unidentified;
    private int refused;

    Conversation(Connection connection, Connections connections, Credentials shown) {
        this.connection = connection;
        this.connections = connections;
        this.shown = shown;
        this.rate = new RateLimit(
                connections.limits().commandsPerSecond(), connections.limits().burst(), System.nanoTime());
    }

    public Connection connection() {
        return connection;
    }

    /** What one message of the client held. It is read no further than to the command that ends the connection. */
    public void receive(Iterable<Incoming> messages) {
        connection.heard();
        for (Incoming incoming : messages) {
            if (connection.isEnding()) {
                return;
            }
            if (withinRate()) {
                inOrder(incoming);
            } else {
                tooFast(incoming);
            }
        }
    }

    /** One that is within makes up for one that is not, so that who sends at twice the limit and more is cut off. */
    private synchronized boolean withinRate() {
        boolean within = rate.take(System.nanoTime());
        refused = within ? Math.max(0, refused - 1) : refused + 1;
        return within;
    }

    /** Each command too many is answered; who does not listen to that is cut off. */
    private void tooFast(Incoming incoming) {
        int perSecond = connections.limits().commandsPerSecond();
        if (tooOften()) {
            connection.close(DisconnectCode.TOO_MANY_COMMANDS);
        } else {
            String limit = "The limit is " + perSecond + " commands a second (parley.limits.commands-per-second).";
            reply(new Reply.Failed(id(incoming), ErrorCode.TOO_MANY_COMMANDS, limit));
        }
    }

    private synchronized boolean tooOften() {
        return refused > connections.limits().burst();
    }

    private static OptionalLong id(Incoming incoming) {
        return incoming instanceof Incoming.Accepted accepted
                ? OptionalLong.of(accepted.command().id())
                : ((Incoming.Rejected) incoming).id();
    }

    private void inOrder(Incoming incoming) {
        boolean turned;
        synchronized (this) {
            if (!busy) {
                busy = true;
                turned = false;
            } else if (mayWait(incoming)) {
                waiting.add(incoming);
                waitingBytes += bytes(incoming);
                return;
            } else {
                turned = true;
            }
        }
        if (turned) {
            reply(new Reply.Failed(id(incoming), ErrorCode.TOO_MANY_COMMANDS, ErrorCode.TOO_MANY_COMMANDS.sentence()));
        } else {
            carryOut(incoming);
        }
    }

    /** No more than one message of the largest size is kept while the log is slow, whatever the client sends. */
    private boolean mayWait(Incoming incoming) {
        return waiting.size() < MOST_WAITING
                && (waiting.isEmpty()
                        || waitingBytes + bytes(incoming)
                                <= connections.limits().messageSize());
    }

    private static long bytes(Incoming incoming) {
        Command command = incoming instanceof Incoming.Accepted accepted ? accepted.command() : null;
        if (command instanceof Command.Subscribe subscribe) {
            return (long) ENVELOPE * subscribe.starts().size();
        }
        if (command instanceof Command.Publish publish) {
            return ENVELOPE
                    + (publish.body() instanceof Body.Json json
                            ? (long) json.text().length()
                            : publish.body() instanceof Body.Binary binary
                                    ? binary.bytes().size()
                                    : 0);
        }
        return ENVELOPE;
    }

    /** Carries out this command and those that wait, until one must itself wait. */
    private void carryOut(Incoming first) {
        Incoming command = first;
        while (command != null) {
            CompletableFuture<Void> done = perform(command).toCompletableFuture();
            if (!done.isDone()) {
                CompletableFuture<Void> unused = done.whenComplete((nothing, failure) -> {
                    Incoming next = next();
                    if (next != null) {
                        carryOut(next);
                    }
                });
                return;
            }
            command = next();
        }
    }

    private synchronized @Nullable Incoming next() {
        Incoming next = waiting.poll();
        busy = next != null;
        waitingBytes -= next == null ? 0 : bytes(next);
        return next;
    }

    /** Completes, never with a failure, when the next command may begin. */
    private CompletionStage<Void> perform(Incoming incoming) {
        if (incoming instanceof Incoming.Accepted accepted) {
            return perform(accepted.command());
        }
        reply(((Incoming.Rejected) incoming).reply());
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> perform(Command command) {
        try {
            identify(command);
            if (command instanceof Command.Subscribe subscribe) {
                return subscribe(subscribe);
            }
            if (command instanceof Command.Publish publish) {
                publish(publish);
            } else if (!(command instanceof Command.Connect)) {
                reply(answer(command));
            }
        } catch (RuntimeException e) {
            reply(failed(command, refusal(e)));
        }
        return CompletableFuture.completedFuture(null);
    }

    private Reply answer(Command command) {
        if (command instanceof Command.Unsubscribe unsubscribe) {
            if (!connection.unsubscribe(unsubscribe.channel())) {
                throw new RefusedException(ErrorCode.NOT_SUBSCRIBED);
            }
            return new Reply.Unsubscribed(command.id(), unsubscribe.channel());
        }
        if (command instanceof Command.Presence presence) {
            return present(presence);
        }
        if (command instanceof Command.Refresh) {
            throw new RefusedException(ErrorCode.BAD_CREDENTIALS, "This server takes no tokens.");
        }
        return new Reply.Pong(command.id());
    }

    /** With as many members as fit into one message: names of others must not make it too large for this client. */
    private Reply present(Command.Presence command) {
        PresenceSnapshot snapshot = connections.channels().presence(connection.identity(), command.channel());
        List<Member> members = new ArrayList<>();
        int room = connection.batchSize() - ENVELOPE - 2 * command.channel().length();
        for (Member member : snapshot.members()) {
            room -= WireWriter.size(member);
            if (room < 0) {
                break;
            }
            members.add(member);
        }
        return new Reply.Present(command.id(), command.channel(), snapshot.position(), snapshot.count(), members);
    }

    /**
     * By {@code connect}, or else as what the handshake showed. After a {@code connect} that failed nothing is done but
     * another one: what the client sent behind it, before it could know, must not be done as somebody else.
     */
    private void identify(Command command) {
        Command.Connect connect = command instanceof Command.Connect c ? c : null;
        if (identified) {
            if (connect != null) {
                throw new RefusedException(ErrorCode.LATE_CONNECT);
            }
            return;
        }
        if (connect == null && unidentified != null) {
            throw unidentified;
        }
        Identities.Identified who;
        try {
            who = connections.identities().identify(connect == null ? shown : merged(connect));
        } catch (RefusedException e) {
            unidentified = e;
            throw e;
        }
        identified = true;
        connection.identify(who.identity());
        if (connect != null) {
            connect.maxMessage().ifPresent(connection::limitMessages);
            reply(new Reply.Connected(
                    connect.id(), connection.id(), who.identity().user(), who.secret()));
        }
    }

    private Credentials merged(Command.Connect connect) {
        return new Credentials(
                shown.principal(),
                connect.token().or(shown::token),
                connect.secret().or(shown::secret),
                connect.name().or(shown::name));
    }

    private void publish(Command.Publish publish) {
        int most = connections.limits().publishesUnderWay();
        if (publishing.incrementAndGet() > most) {
            publishing.decrementAndGet();
            throw new RefusedException(
                    ErrorCode.TOO_MANY_PUBLISHES,
                    "A connection may have " + most + " publishes under way (parley.limits.publishes-under-way).");
        }
        connections
                .channels()
                .publish(connection.identity(), publish.channel(), publish.key(), publish.body())
                .whenComplete((position, failure) -> {
                    publishing.decrementAndGet();
                    Reply reply = failure == null
                            ? new Reply.Published(publish.id(), publish.channel(), position)
                            : failed(publish, refusal(failure));
                    connection.replyElsewhere(encoded(reply));
                });
    }

    private CompletionStage<Void> subscribe(Command.Subscribe command) {
        List<Subscription> opened = new ArrayList<>(command.starts().size());
        List<CompletableFuture<Reply.Subscription>> results = command.starts().stream()
                .map(start -> connection
                        .subscribe(start)
                        .<Reply.Subscription>thenApply(subscription -> {
                            synchronized (opened) {
                                opened.add(subscription);
                            }
                            return subscription.started();
                        })
                        .exceptionally(failure -> refused(start.channel(), refusal(failure)))
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    reply(subscribed(
                            command,
                            results.stream().map(CompletableFuture::join).toList()));
                    opened.forEach(Subscription::start);
                });
    }

    private static Reply subscribed(Command.Subscribe command, List<Reply.Subscription> results) {
        return !command.many() && results.get(0) instanceof Reply.Refused refused
                ? new Reply.Failed(OptionalLong.of(command.id()), refused.code(), refused.message())
                : new Reply.Subscribed(command.id(), results, command.many());
    }

    private static Reply.Subscription refused(String channel, RefusedException reason) {
        return new Reply.Refused(channel, reason.code(), reason.reason());
    }

    private static RefusedException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RefusedException refused) {
            return refused;
        }
        LOGGER.log(System.Logger.Level.ERROR, "A command failed", cause);
        return new RefusedException(ErrorCode.INTERNAL);
    }

    private static Reply failed(Command command, RefusedException reason) {
        return new Reply.Failed(OptionalLong.of(command.id()), reason.code(), reason.reason());
    }

    private void reply(Reply reply) {
        connection.reply(encoded(reply));
    }

    private static Encoded encoded(Reply reply) {
        return Encoded.Text.of(WireWriter.write(reply));
    }
}
