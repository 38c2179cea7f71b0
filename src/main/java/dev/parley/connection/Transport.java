package dev.parley.connection;

import dev.parley.api.Identity;
import dev.parley.channel.Batch;
import dev.parley.protocol.DisconnectCode;

/**
 * How batches leave: the only thing that differs between one way of carrying a connection and another. It is called by
 * one thread at a time, and no method may block on the client.
 */
public interface Transport {

    /**
     * Sends a batch. There is never more than one under way; the next comes when {@code done} was told, which may be on
     * the caller's own stack. May throw instead, when the client is gone.
     */
    void send(Batch batch, Completion done);

    /** Asks the client for a sign of life, where the transport has such a thing. May leave later. */
    void ping(Ping told);

    /**
     * When the client was last heard of, where the transport sees a message before it is whole: one of 5 MB may take
     * longer to come than a client may be silent, and its pong stands behind it.
     *
     * @param known as {@link System#nanoTime}, when its last whole message came
     * @return the later of both
     */
    default long heardAt(long known) {
        return known;
    }

    /**
     * Whether to wait with sending, on this thread, since more of what the client sent is just being read on it: then the
     * transport does it itself when all of that is read, so that what it brings about leaves together.
     *
     * @param sending the same object each time
     */
    default boolean isSendingLater(Runnable sending) {
        return false;
    }

    /** Is told who the client is, once that is known, and again when it is known anew. */
    default void identified(Identity identity) {}

    /** Ends the connection, whatever is under way, whether or not the client answers. */
    void close(DisconnectCode code);

    /** Is told what becomes of a ping: {@code begun} and then {@code sent}, or {@code notSent} at any time. */
    interface Ping {
        /** It is its turn. */
        void begun();

        /** It has left, or the client is gone. */
        void sent();

        /** Too many others wait; it may be asked for anew. */
        void notSent();
    }

    /** Is told what became of a send, once. */
    interface Completion {
        void sent();

        void failed(Throwable reason);
    }
}
