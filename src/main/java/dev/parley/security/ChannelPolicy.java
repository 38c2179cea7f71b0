package dev.parley.security;

/** What a user may do on a channel. Asked for every publish, so it must be cheap and must not block. */
@FunctionalInterface
public interface ChannelPolicy {
    /** Everyone may do everything: the default, until tokens or a team's own policy say otherwise. */
    ChannelPolicy OPEN = (identity, action, channel) -> true;

    boolean allows(Identity identity, Action action, String channel);

    /** What a policy is asked about. */
    enum Action {
        SUBSCRIBE,
        HISTORY,
        PUBLISH,
        PRESENCE
    }
}
