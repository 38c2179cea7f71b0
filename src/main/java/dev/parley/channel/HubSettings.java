package dev.parley.channel;

import java.time.Duration;

/**
 * What a node keeps in memory, and for how long.
 *
 * @param recentCount messages of the recent end of one channel
 * @param recentBytes of the recent end of one channel
 * @param recentBytesOfNode {@code parley.limits.recent-size}: of all channels' recent ends, of older history that is kept for
 *     others, and of the keys of transient channels; beyond it what was used least recently is given up
 * @param pageCount messages in one reading of older history
 * @param pageBytes in one reading of older history
 * @param pageBytesOfNode of older history that is kept for others at the same place
 * @param idle after which a channel that nobody uses leaves memory
 * @param presenceGrace after which a user without a connection has left
 * @param presenceLimit above so many members only their number is told
 * @param channels {@code parley.limits.channels} in memory
 * @param inlineSize bytes of a message's content above which its readers are given the mention of it
 */
public record HubSettings(
        int recentCount,
        int recentBytes,
        long recentBytesOfNode,
        int pageCount,
        int pageBytes,
        long pageBytesOfNode,
        Duration idle,
        Duration presenceGrace,
        int presenceLimit,
        int channels,
        int inlineSize) {
    public static final HubSettings DEFAULTS = new HubSettings(
            1_024,
            1024 * 1024,
            64L * 1024 * 1024,
            256,
            64 * 1024,
            16L * 1024 * 1024,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            100,
            50_000,
            64 * 1024);
}
