package dev.parley.api;

import dev.parley.protocol.Body;
import dev.parley.protocol.RefusedException;

/**
 * What channels accept: asked for every message published to them, whichever way it came. Must be cheap and
 * thread-safe, and must not block. Several are asked in the order of their {@code @Priority}, the lower first, each for what the one before it made
 * of the message.
 */
public interface PublishFilter {
    /** Whose channels it guards; a filter for other channels says {@link #channels} instead. */
    default String namespace() {
        throw new IllegalStateException(getClass().getName() + " says neither namespace() nor channels()");
    }

    /**
     * The channels it guards, as a {@link ChannelPattern}; asked once. All of the namespace, by
     * default.
     */
    default String channels() {
        return ChannelPattern.ofNamespace(namespace()).toString();
    }

    /**
     * The body as it shall be stored, rewritten or not. Anything else that is thrown, and null, is a fault: one warning with
     * this class and the channel, and {@code internal} for the publisher, who may try again, since nobody knows whether it
     * would come to the same; clients give up after some times.
     *
     * @throws RefusedException when the message is rejected; by {@code unavailable}, when it can be looked at later
     */
    Body filter(Identity from, String channel, Body body);
}
