package dev.parley.channel;

/**
 * What fits into a batch; a single push may be larger.
 *
 * @param bytes of all that it holds
 * @param count of pushes
 */
public record BatchLimit(int bytes, int count) {
    /** However many they are. */
    public static BatchLimit of(int bytes) {
        return new BatchLimit(bytes, Integer.MAX_VALUE);
    }
}
