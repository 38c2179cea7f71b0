package dev.parley.api;

import dev.parley.protocol.Reply;
import java.util.concurrent.CompletionStage;

/**
 * A cursor of the application's own: gives a listener what a channel's other readers get, in the same order, one push
 * after the other. A slow listener gets it later, and holds up nobody. It lasts until it is closed, or the node stops.
 * Thread-safe.
 *
 * @see Channels#follow
 */
public interface Following extends AutoCloseable {
    /** Where it began, and what was gone by then. */
    Reply.Started started();

    /**
     * Complete when the listener was told all that the channel held when this began; if the log forgets the end of that
     * meanwhile, all that it still holds. Never fails, and is never complete where the following is closed before. What is
     * made to depend on it runs on the listener's threads.
     */
    CompletionStage<Void> caughtUp();

    /** Ends it; a push that is being listened to is listened to the end. */
    @Override
    void close();
}
