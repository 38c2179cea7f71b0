package dev.parley.client;

import dev.parley.protocol.Body;
import dev.parley.protocol.Command;
import dev.parley.protocol.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A publish with its key, until its future is completed. Used by the client's own thread alone. */
final class PendingPublish {
    private static final int ENVELOPE = 256;

    private final String channel;
    private final String key;
    private final Body body;
    private final CompletableFuture<Position> future = new CompletableFuture<>();

    /** Its place among all publishes of this client. */
    private long number;

    /** Who published it when it was first sent: keys belong to a user. */
    private @Nullable String sentAs;

    private int failures;

    PendingPublish(String channel, String key, Body body) {
        this.channel = channel;
        this.key = key;
        this.body = body;
    }

    String channel() {
        return channel;
    }

    String key() {
        return key;
    }

    Body body() {
        return body;
    }

    CompletableFuture<Position> future() {
        return future;
    }

    /** Of the body, in bytes, roughly: what it keeps in memory. */
    long size() {
        return ENVELOPE + (long) body.weight();
    }

    Command.Publish command(long id) {
        return new Command.Publish(id, channel, Optional.of(key), body);
    }

    long number() {
        return number;
    }

    void number(long place) {
        number = place;
    }

    void sentAs(String user) {
        sentAs = user;
    }

    boolean wasSent() {
        return sentAs != null;
    }

    /** Whether somebody else may have stored it already, so that sending it again could store it twice. */
    boolean wasSentByAnother(String user) {
        return sentAs != null && !sentAs.equals(user);
    }

    /** How often the server has failed over it, with this time. */
    int failedAgain() {
        return ++failures;
    }
}
