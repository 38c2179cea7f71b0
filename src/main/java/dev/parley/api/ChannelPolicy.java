package dev.parley.api;

/**
 * What a user may do on a channel. A bean that is one takes the place of the settings' rules; there is one at most. Asked for every
 * publish, on the thread that has read it, and of many at a time: so it must be cheap and thread-safe, and must not block.
 */
@FunctionalInterface
public interface ChannelPolicy {
    /** Everyone may do everything: the default, until tokens or a team's own policy say otherwise. */
    ChannelPolicy OPEN = (identity, action, channel) -> true;

    /**
     * Whether this one may do so. What it throws is logged, and {@code internal} to the caller.
     *
     * @param channel a name of a channel, which need not be there
     */
    boolean allows(Identity identity, Action action, String channel);

    /** What a policy is asked about. */
    enum Action {
        /** To open a cursor, or to keep it. */
        SUBSCRIBE,
        /** To look back: by a cursor that begins before now, by a page of older messages, or at what one message holds. */
        HISTORY,
        /** To append a message. */
        PUBLISH,
        /** To see who is there. */
        PRESENCE
    }
}
