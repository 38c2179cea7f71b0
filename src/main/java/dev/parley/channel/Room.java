package dev.parley.channel;

/**
 * What fits into a batch; a single push may be larger.
 *
 * @param bytes of all that it holds
 * @param count of pushes
 */
public record Room(int bytes, int count) {
    /** However many they are. */
    public static Room of(int bytes) {
        return new Room(bytes, Integer.MAX_VALUE);
    }
}
