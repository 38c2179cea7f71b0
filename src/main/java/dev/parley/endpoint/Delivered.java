package dev.parley.endpoint;

import dev.parley.protocol.Message;

/**
 * An object of a team's own that wants to know where in the log it stands: who sent it, when, at which position.
 *
 * @param <T> its own class
 */
public interface Delivered<T> {
    /** The same object with what it wants of the message that carried it. */
    T deliveredAs(Message message);
}
