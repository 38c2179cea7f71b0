package dev.parley.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer to one command. */
public sealed interface Reply extends FromServer {

    /** The command was carried out. */
    sealed interface Done extends Reply {
        /** Of the command. */
        long id();
    }

    /**
     * @param connection names this connection, for logs and support
     * @param secret given to a guest, who presents it to be the same guest again
     * @param expires when the server ends the connection unless a fresh token has come before; never, when empty
     */
    record Connected(long id, String connection, String user, Optional<String> secret, Optional<Instant> expires)
            implements Done {
        @Override
        public String toString() {
            return "Connected[id=" + id + ", connection=" + connection + ", user=" + user + ", expires=" + expires
                    + "]";
        }
    }

    /** One result for each start of the command, in its order. */
    record Subscribed(long id, List<Subscription> subscriptions, boolean many) implements Done {
        public Subscribed {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    /** What became of one start. */
    sealed interface Subscription {
        /** Over which the cursor is, or was to be. */
        String channel();
    }

    /**
     * A cursor was opened.
     *
     * @param position where it starts: what follows it comes as pushes
     * @param head the channel's newest message
     * @param recovered false when something after the wanted position is gone
     * @param lost what retention has passed, where that can be told
     * @param forgotten what the log itself has forgotten, as {@link Push.Forgotten}
     * @param ancestors of the head's epoch, as {@link Lineage}
     */
    record Started(
            String channel,
            Position position,
            Position head,
            boolean recovered,
            Optional<Push.Range> lost,
            Optional<Push.Range> forgotten,
            List<Lineage.Ancestor> ancestors)
            implements Subscription {
        public Started {
            ancestors = List.copyOf(ancestors);
        }

        /** Of a log of one epoch. */
        public Started(String channel, Position position, Position head, boolean recovered, Optional<Push.Range> lost) {
            this(channel, position, head, recovered, lost, Optional.empty(), List.of());
        }
    }

    /** No cursor was opened; within an array the others were. */
    record Refused(String channel, ErrorCode code, String message) implements Subscription {}

    /** The cursor is closed. */
    record Unsubscribed(long id, String channel) implements Done {}

    /** Committed, in order, at this position. */
    record Published(long id, String channel, Position position) implements Done {}

    /**
     * Who is on a channel.
     *
     * @param position of the presence: joins and leaves with a position up to it are in the list already
     * @param count of all members; {@code members} holds as many as fit
     */
    record Present(long id, String channel, Position position, int count, List<Member> members) implements Done {
        public Present {
            members = List.copyOf(members);
        }
    }

    /**
     * Older messages of a channel.
     *
     * @param messages in order, without a hole, up to the position that was asked for; bytes are mentioned only
     * @param more whether the channel still has what came before them
     */
    record History(long id, String channel, List<Message> messages, boolean more) implements Done {
        public History {
            messages = List.copyOf(messages);
        }
    }

    /**
     * The fresh token was taken.
     *
     * @param expires as in {@link Connected}
     */
    record Refreshed(long id, Optional<Instant> expires) implements Done {}

    /** The server is there. */
    record Pong(long id) implements Done {}

    /**
     * The command failed.
     *
     * @param id empty when the command was so malformed that it had none to read
     */
    record Failed(OptionalLong id, ErrorCode code, String message) implements Reply {}
}
