package dev.parley.frames;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Frames as a server sends them, not masked (RFC 6455 section 5.2). */
final class Frames {
    /** The first octet of a whole text message. */
    static final int TEXT = 0x81;

    /** The first octet of a whole binary message. */
    static final int BINARY = 0x82;

    /** The first octet of a close frame. */
    static final int CLOSE = 0x88;

    static final int MOST_HEADER = 10;

    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MOST_SHORT = 0xffff;

    private Frames() {}

    static void header(ByteBuffer frames, int first, int length) {
        frames.put((byte) first);
        if (length < SHORT_LENGTH) {
            frames.put((byte) length);
        } else if (length <= MOST_SHORT) {
            frames.put((byte) SHORT_LENGTH).putShort((short) length);
        } else {
            frames.put((byte) LONG_LENGTH).putLong(length);
        }
    }

    /** One whole message. */
    static ByteBuffer of(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(MOST_HEADER + payload.length);
        header(frame, first, payload.length);
        return frame.put(payload).flip();
    }

    /** Of a buffer that holds one frame; empty when it holds more, or less. The buffer is left as it is. */
    static Optional<ByteBuffer> payload(ByteBuffer frame) {
        ByteBuffer rest = frame.duplicate();
        rest.get();
        long length = rest.get();
        if (length == SHORT_LENGTH) {
            length = rest.getShort() & MOST_SHORT;
        } else if (length == LONG_LENGTH) {
            length = rest.getLong();
        }
        return length == rest.remaining() ? Optional.of(rest) : Optional.empty();
    }
}
