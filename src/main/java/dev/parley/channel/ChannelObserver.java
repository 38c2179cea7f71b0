package dev.parley.channel;

import dev.parley.protocol.Message;
import dev.parley.protocol.Push;

/**
 * Is told what happens on this node's channels, whether or not anybody reads them: what was published here, once it is
 * committed, and who came and went here. Of one channel in its order. It is called by threads that others wait for, so it
 * must not block, nor throw.
 */
public interface ChannelObserver {
    ChannelObserver NONE = new ChannelObserver() {};

    default void published(Message message) {}

    /** @param join its position is that of the channel's presence just then */
    default void joined(Push.Join join) {}

    default void left(Push.Leave leave) {}
}
