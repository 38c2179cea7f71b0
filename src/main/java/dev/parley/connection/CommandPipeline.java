package dev.parley.connection;

import dev.parley.api.Credentials;
import dev.parley.concurrent.FairTurns;
import dev.parley.protocol.Command;
import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Reply;
import dev.parley.security.RateLimit;
import dev.parley.wire.Incoming;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on one connection, in its order and within its rate. A publish does not hold up what follows it; a
 * subscribe does, while the channel's place in the log is being read, so that what a client publishes after it reaches
 * the client. No thread waits for either. Thread-safe.
 */
public final class CommandPipeline {
    private static final int MOST_WAITING = 1_024;
    private static final int ENVELOPE = 256;

    private final Connection connection;
    private final Connections connections;
    private final CommandExecution commands;

    // Guarded by this.
    private final RateLimit rate;
    private final ArrayDeque<Incoming> waiting = new ArrayDeque<>(0);
    private long waitingBytes;

    /** No {@code DrainLoop}: a command may end later, and the queue and this go together under the lock. */
    private boolean busy;

    private int refused;

    CommandPipeline(Connection connection, Connections connections, Credentials shown) {
        this.connection = connection;
        this.connections = connections;
        this.commands = new CommandExecution(connection, connections, shown);
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
            FairTurns.letGo(); // it is read; what it asks for may wait
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
        if (tooOften()) {
            connection.close(DisconnectCode.TOO_MANY_COMMANDS);
        } else {
            refuse(
                    incoming,
                    "The limit is " + connections.limits().commandsPerSecond()
                            + " commands a second (parley.limits.commands-per-second).");
        }
    }

    private synchronized boolean tooOften() {
        return refused > connections.limits().burst();
    }

    private void refuse(Incoming incoming, String message) {
        OptionalLong id = incoming instanceof Incoming.Accepted accepted
                ? OptionalLong.of(accepted.command().id())
                : ((Incoming.Rejected) incoming).id();
        commands.reply(new Reply.Failed(id, ErrorCode.TOO_MANY_COMMANDS, message));
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
            refuse(
                    incoming,
                    MOST_WAITING + " commands may wait for an earlier one, of "
                            + connections.limits().messageSize() + " bytes together (parley.limits.message-size).");
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
        return command instanceof Command.Publish publish
                ? ENVELOPE + (long) publish.body().weight()
                : ENVELOPE;
    }

    /** Carries out this command and those that wait, until one must itself wait. */
    private void carryOut(Incoming first) {
        Incoming current = first;
        while (current != null) {
            CompletableFuture<Void> done = commands.perform(current).toCompletableFuture();
            if (!done.isDone()) {
                CompletableFuture<Void> unused = done.whenComplete((nothing, failure) -> {
                    Incoming next = next();
                    if (next != null) {
                        carryOut(next);
                    }
                });
                return;
            }
            current = next();
        }
    }

    private synchronized @Nullable Incoming next() {
        Incoming next = waiting.poll();
        busy = next != null;
        waitingBytes -= next == null ? 0 : bytes(next);
        return next;
    }
}
