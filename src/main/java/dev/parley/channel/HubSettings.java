package dev.parley.channel;

import java.time.Duration;

/**
 * What a node keeps in memory, and for how long.
 *
 * @param recentCount messages of the recent end of one channel
 * @param recentBytes of the recent end of one channel
 * @param recentBytesOfNode of all channels' recent ends; beyond it the channel that grows gives up its own
 * @param pageCount messages in one reading of older history
 * @param pageBytes in one reading of older history
 * @param pageBytesOfNode of older history that is kept for others at the same place
 * @param idle after which a channel that nobody uses leaves memory
 * @param presenceGrace after which a user without a connection has left
 * @param presenceLimit above so many members only their number is told
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
        int presenceLimit) {
    public static final HubSettings DEFAULTS = new HubSettings(
            1_024,
            1024 * 1024,
            64L * 1024 * 1024,
            256,
            64 * 1024,
            16L * 1024 * 1024,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            100);
}
