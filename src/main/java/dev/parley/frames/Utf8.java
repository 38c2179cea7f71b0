package dev.parley.frames;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads UTF-8 along (RFC 3629 section 4), a piece at a time, and says at the first byte that cannot be that it cannot: a
 * text whose first bytes are wrong is not read to its end (RFC 6455 section 8.1). Not thread-safe.
 */
final class Utf8 {
    private static final int CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xbf;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private int missing;
    private int least = CONTINUATION;
    private int most = LAST_CONTINUATION;

    /** False when these bytes cannot follow those before. */
    boolean accepts(byte[] bytes, int from, int count) {
        int end = from + count;
        for (int i = from; i < end; i++) {
            i = missing > 0 ? i : pastAscii(bytes, i, end);
            if (i == end) {
                return true;
            }
            int octet = bytes[i];
            if ((octet < 0 || missing > 0) && !accepts(octet & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Behind all that is ASCII, eight bytes at a time, but for the last few. */
    private static int pastAscii(byte[] bytes, int from, int end) {
        int i = from;
        while (i <= end - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        return i;
    }

    /** Whether no character has been begun and not ended. */
    boolean isComplete() {
        return missing == 0;
    }

    private boolean accepts(int octet) {
        if (missing > 0) {
            boolean within = octet >= least && octet <= most;
            missing--;
            least = CONTINUATION;
            most = LAST_CONTINUATION;
            return within;
        }
        if (octet >= 0xc2 && octet <= 0xdf) {
            missing = 1;
        } else if (octet >= 0xe0 && octet <= 0xef) {
            missing = 2;
            // No overlong form, and no half of a surrogate pair
            least = octet == 0xe0 ? 0xa0 : CONTINUATION;
            most = octet == 0xed ? 0x9f : LAST_CONTINUATION;
        } else if (octet >= 0xf0 && octet <= 0xf4) {
            missing = 3;
            least = octet == 0xf0 ? 0x90 : CONTINUATION;
            most = octet == 0xf4 ? 0x8f : LAST_CONTINUATION;
        } else {
            return false;
        }
        return true;
    }
}
