package dev.parley.channel;

import dev.parley.protocol.Body;
import dev.parley.security.Identity;

/**
 * What a namespace accepts: asked for every message published to it, whichever way it came. Must be cheap and must not
 * block.
 */
public interface PublishFilter {
    /** Whose channels it guards. */
    String namespace();

    /**
     * The body as it shall be stored, rewritten or not.
     *
     * @throws dev.parley.protocol.RefusedException when the message is rejected
     */
    Body filter(Identity from, String channel, Body body);
}
