package dev.parley.channel;

import java.time.Duration;

/**
 * How the channels of a namespace are kept; the settings {@code parley.channels.<namespace>.*}.
 *
 * @param historySize messages retained a channel
 * @param historyAge how long a message is retained
 * @param durable false keeps the channel in this node's memory only
 * @param presence whether joins and leaves are told to the channel's subscribers
 */
public record ChannelSettings(int historySize, Duration historyAge, boolean durable, boolean presence) {
    /** The defaults, as written down in README. */
    public static final ChannelSettings DEFAULTS = new ChannelSettings(10_000, Duration.ofDays(7), true, false);

    /** Gives the settings of a namespace; every namespace has some. */
    @FunctionalInterface
    public interface ByNamespace {
        ChannelSettings of(String namespace);
    }
}
