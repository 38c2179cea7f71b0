package dev.parley.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a client asks for. Its {@code id} comes back in the reply. */
public sealed interface Command {

    /** Chosen by the client, 0 or more; the server only repeats it. */
    long id();

    /** Who the client is. Optional, and only as the first command: without it the client is a new guest. */
    record Connect(
            long id, Optional<String> token, Optional<String> secret, Optional<String> name, OptionalInt maxMessage)
            implements Command {
        /** Leaves the secrets out: what is printed may reach a log. */
        @Override
        public String toString() {
            return "Connect[id=" + id + ", name=" + name + ", maxMessage=" + maxMessage + "]";
        }
    }

    /**
     * Opens cursors.
     *
     * @param many whether the client sent an array, and so is answered with one
     */
    record Subscribe(long id, List<Start> starts, boolean many) implements Command {
        public Subscribe {
            starts = List.copyOf(starts);
        }
    }

    /** Closes a cursor. */
    record Unsubscribe(long id, String channel) implements Command {}

    /**
     * Appends a message to a channel.
     *
     * @param key makes the publish safe to repeat: the same key of the same user stores one message
     */
    record Publish(long id, String channel, Optional<String> key, Body body) implements Command {}

    /**
     * Asks for older messages, without a cursor.
     *
     * @param before they are the newest before this position; empty: the channel's newest
     * @param limit how many are wanted; the reply holds as many of them as fit
     */
    record History(long id, String channel, Optional<Position> before, int limit) implements Command {
        /** Where the client does not say. */
        public static final int USUAL = 50;

        /** More are not looked for at once. */
        public static final int MOST = 1_000;
    }

    /** Asks who is on a channel. */
    record Presence(long id, String channel) implements Command {}

    /** A fresh token for the same user. */
    record Refresh(long id, String token) implements Command {
        @Override
        public String toString() {
            return "Refresh[id=" + id + "]";
        }
    }

    /** Asks whether the server is there; it answers at once. */
    record Ping(long id) implements Command {}
}
