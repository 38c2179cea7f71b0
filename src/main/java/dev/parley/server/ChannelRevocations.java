package dev.parley.server;

import dev.parley.api.Following;
import dev.parley.api.Identity;
import dev.parley.api.Revocations;
import dev.parley.channel.HubChannels;
import dev.parley.concurrent.FailureLog;
import dev.parley.concurrent.GuardedTimer;
import dev.parley.connection.Connections;
import dev.parley.protocol.Body;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Message;
import dev.parley.protocol.Names;
import dev.parley.protocol.Position;
import dev.parley.protocol.Push;
import dev.parley.protocol.RefusedException;
import dev.parley.protocol.Start;
import dev.parley.security.RevocationList;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is withdrawn is published on the channel {@value CHANNEL}, which every node follows from its beginning: so it holds after
 * a restart too, for as long as that channel's history goes back. Nobody is let in before a node has read it.
 */
public final class ChannelRevocations implements Revocations, AutoCloseable {
    /** No client may publish to it or read it. */
    public static final String CHANNEL = HubChannels.OWN_NAMESPACE + ".revocations";

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());
    private static final System.Logger LOGGER = System.getLogger(ChannelRevocations.class.getName());
    private static final FailureLog FAILURES = new FailureLog(LOGGER);

    private final Connections connections;
    private final RevocationList revoked;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Void> known = new CompletableFuture<>();

    // Guarded by this.
    private @Nullable Following following;
    private boolean closed;

    public ChannelRevocations(Connections connections, ScheduledExecutorService timer) {
        this.connections = connections;
        this.revoked = connections.revoked();
        this.timer = timer;
        revoked.await(known);
        follow();
    }

    @Override
    public CompletionStage<Position> disconnect(Identity operator, String user) {
        requireUser(user);
        return publish(Json.createObjectBuilder()
                .add("user", user)
                .add("by", operator.user())
                .build());
    }

    @Override
    public CompletionStage<Position> unsubscribe(Identity operator, String user, String channel) {
        requireUser(user);
        Names.requireChannel(channel);
        return publish(Json.createObjectBuilder()
                .add("user", user)
                .add("channel", channel)
                .add("by", operator.user())
                .build());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (following != null) {
            following.close();
        }
    }

    private CompletionStage<Position> publish(JsonObject what) {
        return connections.channels().publish(CHANNEL, new Body.Json(what.toString()));
    }

    private static void requireUser(String user) {
        if (!Names.isUser(user) || user.equals(Identity.SERVER.user())) {
            throw new RefusedException(ErrorCode.INVALID_NAME, "Nobody can be a user of this name.");
        }
    }

    /** Whatever fails, it is tried again: nobody is let in before it has succeeded. */
    private void follow() {
        CompletionStage<Following> begun;
        try {
            begun = connections.channels().follow(Start.after(CHANNEL, Position.NONE), this::heard);
        } catch (Throwable e) {
            FAILURES.failed("What is revoked cannot be read yet", e);
            later();
            return;
        }
        begun.whenComplete((opened, failure) -> {
            if (failure == null) {
                following(opened);
            } else {
                LOGGER.log(
                        System.Logger.Level.WARNING, "What is revoked cannot be read yet: {0}", failure.getMessage());
                later();
            }
        });
    }

    private void later() {
        try {
            ScheduledFuture<?> unused = GuardedTimer.after(timer, RETRY, this::follow);
        } catch (RejectedExecutionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The node is stopping.");
        }
    }

    private void following(Following opened) {
        synchronized (this) {
            following = opened;
            if (closed) {
                opened.close();
            }
        }
        CompletionStage<Void> unused = opened.caughtUp().thenRun(() -> known.complete(null));
    }

    /** One after the other. What the log has lost or forgotten meanwhile stays withdrawn on this node. */
    private void heard(Push push) {
        if (push instanceof Message message) {
            try {
                apply(message);
            } catch (JsonException | ClassCastException | NullPointerException e) {
                LOGGER.log(System.Logger.Level.WARNING, "Not a revocation: {0}", message.position());
            }
        }
    }

    private void apply(Message message) {
        if (!(message.body() instanceof Body.Json json)) {
            return;
        }
        JsonObject what;
        try (JsonReader reader = READERS.createReader(new StringReader(json.text()))) {
            what = reader.readObject();
        }
        String user = what.getString("user");
        if (what.containsKey("channel")) {
            connections.endSubscriptions(user, what.getString("channel"));
            return;
        }
        revoked.add(user, message.at());
        connections.endRevoked();
        LOGGER.log(
                System.Logger.Level.DEBUG, "The connections of {0} were ended by {1}", user, what.getString("by", "?"));
    }
}
