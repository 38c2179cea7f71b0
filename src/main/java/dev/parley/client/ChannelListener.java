package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import java.util.Optional;

/**
 * Is told what comes from a channel: each message once, in order. All calls come on one thread of the client's, one after
 * the other for all channels; while a listener takes its time the server is not read on, so it loses nothing by being
 * slow. It must not wait for a reply of the server in here.
 */
@FunctionalInterface
public interface ChannelListener {
    void message(Message message);

    default void joined(Member member) {}

    default void left(Member member) {}

    /** How many are there, on a channel with too many to name. */
    default void members(int count) {}

    /**
     * Messages are gone from the history before this client could have them.
     *
     * @param range which; empty when nobody can tell
     */
    default void lost(Optional<Push.Range> range) {}

    /** Nothing more comes from this channel: the subscription was refused, or the server has ended it. */
    default void ended(ErrorCode code) {}
}
