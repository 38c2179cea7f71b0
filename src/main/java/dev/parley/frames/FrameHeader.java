package dev.parley.frames;

/** The header of a frame as a client sends it (RFC 6455 section 5.2), read an octet at a time. Not thread-safe. */
final class FrameHeader {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xa;

    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int COMPRESSED = 0x40;
    private static final int OPCODE = 0x0f;
    private static final int CONTROL = 0x8;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MOST_SHORT = 0xffff;
    private static final int MASK_BYTES = 4;

    private int read;
    private int first;
    private int second;
    private long declared;
    private int mask;

    void clear() {
        read = 0;
    }

    boolean isBegun() {
        return read > 0;
    }

    boolean isRead() {
        return read >= 2 && read == 2 + lengthBytes() + maskBytes();
    }

    void add(int octet) {
        switch (read) {
            case 0 -> first = octet;
            case 1 -> {
                second = octet;
                declared = (octet & LENGTH) < SHORT_LENGTH ? octet & LENGTH : 0;
            }
            default -> {
                if (read < 2 + lengthBytes()) {
                    declared = (declared << Byte.SIZE) | octet;
                } else {
                    mask = (mask << Byte.SIZE) | octet;
                }
            }
        }
        read++;
    }

    int opcode() {
        return first & OPCODE;
    }

    boolean isLast() {
        return (first & FIN) != 0;
    }

    boolean isControl() {
        return (first & CONTROL) != 0;
    }

    /** The first bit says that a message is compressed, on its first frame (RFC 7692 section 6). */
    boolean isCompressed() {
        return (first & COMPRESSED) != 0;
    }

    int mask() {
        return mask;
    }

    /** Bytes of its payload; more than there can be where it is none that may be declared. */
    long declared() {
        return declared < 0 ? Long.MAX_VALUE : declared;
    }

    /**
     * Whether it keeps to what section 5.2 says of every frame.
     *
     * @param compression whether the first frame of a message may say that it is compressed
     */
    boolean isFrame(boolean compression) {
        boolean minimal = switch (second & LENGTH) {
            case SHORT_LENGTH -> declared >= SHORT_LENGTH;
            case LONG_LENGTH -> declared > MOST_SHORT;
            default -> true;
        };
        int reserved = compression && !isControl() && opcode() != CONTINUATION ? COMPRESSED : 0;
        return minimal && (second & MASKED) != 0 && (first & RESERVED_BITS & ~reserved) == 0;
    }

    /** Whether it keeps to what section 5.5 says of those that are no part of a message. */
    boolean isControlFrame() {
        return isLast()
                && declared < SHORT_LENGTH
                && (opcode() == PING || opcode() == PONG || (opcode() == CLOSE && declared != 1));
    }

    private int maskBytes() {
        return (second & MASKED) == 0 ? 0 : MASK_BYTES;
    }

    private int lengthBytes() {
        return switch (second & LENGTH) {
            case SHORT_LENGTH -> Short.BYTES;
            case LONG_LENGTH -> Long.BYTES;
            default -> 0;
        };
    }
}
