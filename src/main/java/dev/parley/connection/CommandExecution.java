package dev.parley.connection;

import dev.parley.api.Credentials;
import dev.parley.api.Identities;
import dev.parley.channel.Encoded;
import dev.parley.channel.Subscription;
import dev.parley.protocol.Command;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Reply;
import dev.parley.wire.Incoming;
import dev.parley.wire.WireWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the commands of one connection, by the {@link CommandInterpreter}, and replies; called for one after the
 * other, by the {@link CommandPipeline}.
 */
final class CommandExecution {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final Connection connection;
    private final Connections connections;
    private final CommandInterpreter interpreter;
    private final Credentials shown;

    // Kept by the order of the CommandPipeline: a command begins when the one before is done, on the thread that
    // completed it or after the lock under which that was noted, so it sees what that one wrote.
    private boolean identified;
    private @Nullable RefusedException unidentified;

    CommandExecution(Connection connection, Connections connections, Credentials shown) {
        this.connection = connection;
        this.connections = connections;
        this.interpreter = connections.interpreter();
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
                reply(failed(command, failure));
                return null;
            });
        } catch (RuntimeException e) {
            reply(failed(command, e));
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
            return whenCaughtUp(() -> history(history));
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

    /** Who asks and does not read is not answered on and on; a policy of a team's may be asked, and wait. */
    private CompletionStage<Void> whenCaughtUp(Supplier<CompletionStage<Void>> answering) {
        CompletableFuture<Void> caughtUp = connection.caughtUp();
        return caughtUp.isDone()
                ? answering.get()
                : caughtUp.thenComposeAsync(
                        nothing -> answering.get(), connections.foreign(CommandExecution.class.getName()));
    }

    private CompletionStage<Void> history(Command.History history) {
        return interpreter
                .history(connection.identity(), connection.holder(), history, connection.batchSize())
                .thenAccept(this::reply);
    }

    private Reply answer(Command command) {
        if (command instanceof Command.Unsubscribe unsubscribe) {
            if (!connection.unsubscribe(unsubscribe.channel())) {
                throw new RefusedException(ErrorCode.NOT_SUBSCRIBED);
            }
            return new Reply.Unsubscribed(command.id(), unsubscribe.channel());
        }
        if (command instanceof Command.Presence presence) {
            return interpreter.presence(connection.identity(), presence, connection.batchSize());
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
                .whenComplete(
                        (who, failure) -> unidentified = failure == null ? null : CommandInterpreter.refusal(failure))
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

    /** Who shows no secret gets one that all nodes know again, also as the name of a connection over HTTP. */
    private Credentials merged(Command.Connect connect) {
        Optional<String> secret = connect.secret()
                .or(shown::secret)
                .or(() -> Optional.of(connections.secrets().fresh()));
        return shown.and(connect.token(), secret, connect.name());
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
        interpreter
                .publish(connection.identity(), Publisher.of(connection), publish)
                .whenComplete((published, failure) ->
                        connection.replyAsync(encoded(failure == null ? published : failed(publish, failure))));
    }

    private CompletionStage<Void> subscribe(Command.Subscribe command) {
        return interpreter.subscribe(connection, command.starts()).thenAccept(opened -> {
            reply(subscribed(
                    command,
                    opened.stream().map(CommandInterpreter.Opened::result).toList()));
            opened.forEach(one -> one.cursor().ifPresent(Subscription::start));
        });
    }

    private static Reply subscribed(Command.Subscribe command, List<Reply.Subscription> results) {
        return !command.many() && results.get(0) instanceof Reply.Refused refused
                ? new Reply.Failed(OptionalLong.of(command.id()), refused.code(), refused.message())
                : new Reply.Subscribed(command.id(), results, command.many());
    }

    private static Reply failed(Command command, Throwable failure) {
        RefusedException reason = CommandInterpreter.refusal(failure);
        return new Reply.Failed(OptionalLong.of(command.id()), reason.code(), reason.reason());
    }

    private static Encoded encoded(Reply reply) {
        return Encoded.Text.of(WireWriter.write(reply));
    }
}
