package dev.parley.frames;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of what clients send (RFC 6455 section 5.3). */
final class Mask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long LOW = 0xffff_ffffL;

    private Mask() {}

    /**
     * Takes it off, in place.
     *
     * @param mask its four bytes, the first the highest
     * @param at how many bytes of the payload came before these
     */
    static void remove(byte[] bytes, int from, int count, int mask, long at) {
        int turned = Integer.rotateLeft(mask, Byte.SIZE * (int) (at % Integer.BYTES));
        long twice = ((long) turned << Integer.SIZE) | (turned & LOW);
        int i = from;
        int end = from + count;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
        }
        for (; i < end; i++) {
            turned = Integer.rotateLeft(turned, Byte.SIZE);
            bytes[i] ^= (byte) turned;
        }
    }
}
