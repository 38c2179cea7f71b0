package dev.parley.client;

import dev.parley.protocol.Reply;
import java.time.Duration;

/**
 * Is told how the connection is doing, on the client's thread for listeners:
 * {@code connecting (open? interrupted connecting)* open? closed}.
 */
public interface StateListener {
    /** It tries to connect. */
    default void connecting() {}

    /** Connected, for the first time or again; the channels are read on. */
    default void open(Reply.Connected connected) {}

    /** There is no connection, or not any more; the client tries again after the pause. */
    default void interrupted(String reason, Duration pause) {}

    /** The last word: the client was closed, or the server says not to come back. Publishes without an answer fail. */
    default void closed(Closing closing) {}
}
