package dev.parley.log;

/**
 * How large the log may grow, all channels together.
 *
 * @param maxSize {@code parley.log.max-size}: bytes of the bodies, and {@link #ENTRY} for each message, channel and key
 * @param freeSpace {@code parley.log.free-space}: bytes that stay free on the disk of an embedded database
 * @param exempt the namespace whose messages are taken nevertheless: the server's own, by which operators withdraw what
 *     fills it
 */
public record SpaceLimits(long maxSize, long freeSpace, String exempt) {
    /** What stands beside a body: names, times, keys, and their places in the indexes, roughly. */
    public static final int ENTRY = 256;

    /** As much as the database takes. */
    public static final SpaceLimits NONE = new SpaceLimits(Long.MAX_VALUE, 0, "");
}
