package dev.parley.standalone;

import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads along the headers of the frames a client sends (RFC 6455 section 5.2), and says at the first byte that goes too
 * far that it does. Nothing is stored or copied.
 *
 * <p>Tyrus by itself takes frames that are not masked, keeps a frame in memory until it is whole and only then looks at
 * its size, closes with 1011 instead of 1009 when its buffer overflows, does not refuse a frame that declares 2^62 bytes,
 * and keeps fragments of nothing for ever.
 *
 * <p>One a connection; read by one thread at a time.
 */
final class FrameMeter {
    private static final int FIN = 0x80;
    private static final int OPCODE = 0x0f;
    private static final int CONTROL = 0x08;
    private static final int CLOSE = 0x08;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MASK_BYTES = 4;

    /** The smallest buffers clients fragment by are 4 KB: that would be a message of 64 MB. */
    private static final int MOST_FRAGMENTS = 16_384;

    /**
     * What goes too far.
     *
     * @param at where in the bytes just read the offending frame begins; negative when earlier
     */
    record Violation(DisconnectCode code, int at) {}

    private final long mostBytes;
    private int headerRead;
    private int first;
    private int second;
    private long declared;
    private long payloadLeft;
    private long messageBytes;
    private int fragments;
    private volatile boolean closeSeen;

    FrameMeter(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Whether the client's close frame has begun: nothing comes after it. */
    boolean closeSeen() {
        return closeSeen;
    }

    /** Reads on to the end, leaving the buffer as it is; tells the first violation in it. */
    Optional<Violation> read(ByteBuffer bytes) {
        Optional<Violation> found = Optional.empty();
        int index = bytes.position();
        while (index < bytes.limit()) {
            if (payloadLeft > 0) {
                int skipped = (int) Math.min(payloadLeft, bytes.limit() - index);
                payloadLeft -= skipped;
                index += skipped;
                continue;
            }
            header(bytes.get(index++) & 0xff);
            if (headerRead >= 2 && headerRead == headerSize()) {
                int begin = index - headerRead - bytes.position();
                headerRead = 0;
                Optional<DisconnectCode> violation = frame();
                found = found.or(() -> violation.map(code -> new Violation(code, begin)));
            }
        }
        return found;
    }

    private void header(int octet) {
        switch (headerRead) {
            case 0 -> first = octet;
            case 1 -> {
                second = octet;
                declared = (octet & LENGTH) < SHORT_LENGTH ? octet & LENGTH : 0;
            }
            default -> {
                if (headerRead < 2 + lengthBytes()) {
                    declared = (declared << Byte.SIZE) | octet;
                }
            }
        }
        headerRead++;
    }

    private int headerSize() {
        return 2 + lengthBytes() + ((second & MASKED) != 0 ? MASK_BYTES : 0);
    }

    private int lengthBytes() {
        return switch (second & LENGTH) {
            case SHORT_LENGTH -> Short.BYTES;
            case LONG_LENGTH -> Long.BYTES;
            default -> 0;
        };
    }

    private Optional<DisconnectCode> frame() {
        payloadLeft = declared < 0 ? Long.MAX_VALUE : declared;
        boolean control = (first & CONTROL) != 0;
        if ((first & OPCODE) == CLOSE) {
            closeSeen = true;
        }
        if ((second & MASKED) == 0 || (control && payloadLeft >= SHORT_LENGTH)) {
            return Optional.of(DisconnectCode.PROTOCOL_ERROR);
        }
        return control || isWithinLimits() ? Optional.empty() : Optional.of(DisconnectCode.TOO_LARGE);
    }

    private boolean isWithinLimits() {
        boolean within = payloadLeft <= mostBytes - messageBytes && fragments < MOST_FRAGMENTS;
        boolean last = (first & FIN) != 0;
        messageBytes = last || !within ? 0 : messageBytes + payloadLeft;
        fragments = last ? 0 : fragments + 1;
        return within;
    }
}
