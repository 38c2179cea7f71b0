package dev.parley.connection;

import dev.parley.channel.Encoded;
import dev.parley.channel.Subscription;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Incoming;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.protocol.WireWriter;
import dev.parley.security.Credentials;
import dev.parley.security.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Carries out the commands of one connection; called for one after the other. */
final class Commands {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
    private static final System.Logger LOGGER = System.getLogger(Commands.class.getName());

    private final Connection connection;
    private final Connections connections;
    private final Credentials shown;
    private final AtomicInteger publishing = new AtomicInteger();
    private boolean identified;
    private @Nullable RefusedException unidentified;

    Commands(Connection connection, Connections connections, Credentials shown) {
        this.connection = connection;
        this.connections = connections;
        this.shown = shown;
    }

    /** Completes, never with a failure, when the next command may begin. */
    CompletionStage<Void> perform(Incoming incoming) {
        if (incoming instanceof Incoming.Rejected rejected) {
            reply(rejected.reply());
            return DONE;
        }
        Command command = ((Incoming.Accepted) incoming).command();
        if (!(command instanceof Command.Refresh) && connection.checkToken()) {
            return DONE;
        }
        try {
            return identified(command).thenCompose(nothing -> carryOut(command)).exceptionally(failure -> {
                reply(failed(command, refusal(failure)));
                return null;
            });
        } catch (RuntimeException e) {
            reply(failed(command, refusal(e)));
            return DONE;
        }
    }

    void reply(Reply reply) {
        connection.reply(encoded(reply));
    }

    private CompletionStage<Void> carryOut(Command command) {
        if (command instanceof Command.Subscribe subscribe) {
            return subscribe(subscribe);
        }
        if (command instanceof Command.History history) {
            return connections
                    .inquiries()
                    .history(connection.identity(), history, connection.batchSize())
                    .thenAccept(this::reply);
        }
        if (command instanceof Command.Refresh refresh) {
            return refresh(refresh);
        }
        if (command instanceof Command.Publish publish) {
            publish(publish);
        } else if (!(command instanceof Command.Connect)) {
            reply(answer(command));
        }
        return DONE;
    }

    private Reply answer(Command command) {
        if (command instanceof Command.Unsubscribe unsubscribe) {
            if (!connection.unsubscribe(unsubscribe.channel())) {
                throw new RefusedException(ErrorCode.NOT_SUBSCRIBED);
            }
            return new Reply.Unsubscribed(command.id(), unsubscribe.channel());
        }
        if (command instanceof Command.Presence presence) {
            return connections.inquiries().presence(connection.identity(), presence, connection.batchSize());
        }
        return new Reply.Pong(command.id());
    }

    /**
     * By {@code connect}, or else as what the handshake showed. After a {@code connect} that failed nothing is done but
     * another one: what the client sent behind it, before it could know, must not be done as somebody else.
     */
    private CompletionStage<Void> identified(Command command) {
        Command.Connect connect = command instanceof Command.Connect c ? c : null;
        if (identified) {
            return connect == null
                    ? DONE
                    : CompletableFuture.failedFuture(new RefusedException(ErrorCode.LATE_CONNECT));
        }
        if (connect == null && unidentified != null) {
            return CompletableFuture.failedFuture(unidentified);
        }
        return connections
                .identities()
                .identify(connect == null ? shown : merged(connect))
                .whenComplete((who, failure) -> unidentified = failure == null ? null : refusal(failure))
                .thenAccept(who -> known(connect, who));
    }

    private void known(Command.@Nullable Connect connect, Identities.Identified who) {
        identified = true;
        connection.identify(who.identity());
        if (connect != null) {
            connect.maxMessage().ifPresent(connection::limitMessages);
            reply(new Reply.Connected(
                    connect.id(),
                    connection.id(),
                    who.identity().user(),
                    who.secret(),
                    who.identity().expires()));
        }
    }

    private Credentials merged(Command.Connect connect) {
        return shown.and(connect.token(), connect.secret(), connect.name());
    }

    /**
     * A fresh token must be of the same user: whoever is another is another connection. When the reply comes, nothing
     * more does that it no longer allows.
     */
    private CompletionStage<Void> refresh(Command.Refresh command) {
        Credentials credentials = Credentials.named(connection.identity().name())
                .and(Optional.of(command.token()), Optional.empty(), Optional.empty());
        return connections.identities().identify(credentials).thenAccept(who -> {
            if (!who.identity().user().equals(connection.identity().user())) {
                throw new RefusedException(ErrorCode.NOT_ALLOWED, "The token is another user's.");
            }
            connection.identify(who.identity());
            connection.endForbidden();
            reply(new Reply.Refreshed(command.id(), who.identity().expires()));
        });
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

    private static Encoded encoded(Reply reply) {
        return Encoded.Text.of(WireWriter.write(reply));
    }
}
