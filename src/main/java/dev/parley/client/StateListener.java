package dev.parley.client;

import dev.parley.protocol.DisconnectCode;
import dev.parley.protocol.Reply;
import java.time.Duration;

/** Is told how the connection is doing, on the client's thread for listeners. */
public interface StateListener {
    /** Connected, for the first time or again. */
    default void open(Reply.Connected connected) {}

    /** The connection is gone; the client tries again after the pause. */
    default void interrupted(String reason, Duration pause) {}

    /** The server has ended the connection and says not to come back; the client is closed. */
    default void closed(DisconnectCode code) {}
}
