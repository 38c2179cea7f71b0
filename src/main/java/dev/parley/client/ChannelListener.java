package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Member;
import dev.parley.protocol.Message;
import dev.parley.protocol.Push;
import dev.parley.protocol.Reply;
import java.util.Optional;

/**
 * Is told what comes from a channel: each message once, in order. All calls come on one thread of the client's, one after
 * the other for all channels, and say of which channel they are, so that one listener may have several. What is thrown in
 * here is logged, and the next call comes.
 *
 * <p>A listener may take its time. The client keeps up to 4,096 calls or 4 MB for it; when there is no room it gives its
 * cursor back to the server, and takes it up again where it stood when the listener has caught up. So nothing is lost, no
 * memory fills, replies and other conversation go on, and a listener may even wait for the answer to a publish. On a
 * channel with presence, who stays away like this for longer than 5 seconds is seen to leave.
 */
@FunctionalInterface
public interface ChannelListener {
    void message(Message message);

    /**
     * A message is there that this client cannot read; the next one comes as ever. By default that is logged.
     *
     * @param message where it stands, and what is wrong with it
     */
    default void unreadable(Push.Unreadable message) {
        System.getLogger(ChannelListener.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "The message {0} of {1} cannot be read: {2}",
                        message.position(),
                        message.channel(),
                        message.reason());
    }

    /**
     * The server has opened the cursor, for the first time or again: after a reconnect, or after this listener was slow.
     * Who counts members asks for them again now, since joins and leaves may have been missed.
     */
    default void opened(Reply.Started started) {}

    default void joined(String channel, Member member) {}

    default void left(String channel, Member member) {}

    /** How many are there, on a channel with too many to name. */
    default void members(String channel, int count) {}

    /**
     * Messages are gone from the history before this client could have them; what comes next is what is still there.
     *
     * @param range which; empty when nobody can tell, as the channel's log has begun a new life
     */
    default void lost(String channel, Optional<Push.Range> range) {}

    /**
     * Messages that this client was given, or whose publishing was acknowledged, are unknown to the log itself: its database
     * has failed over to one that did not have them, or was restored. Who has drawn conclusions from them takes them back.
     * What comes next follows on {@code range.after()}, at the same offsets, in another epoch.
     *
     * @param range which; both positions are of the epoch that they were given in
     */
    default void forgotten(String channel, Push.Range range) {}

    /** Nothing more comes from this channel: the subscription was refused, or the server has ended it. */
    default void ended(String channel, ErrorCode code) {}
}
