package dev.parley.frames;

import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames that a client sends (RFC 6455 section 5) and hands on whole messages, unmasked and checked; says at
 * the first byte that breaks a rule or goes too far that it does, and then hands on nothing more.
 *
 * <p>It stands in place of Tyrus's own reading. That takes frames that are not masked, lengths that are not minimal and
 * texts that are not UTF-8 to their end; copies all it has of a frame for each piece that comes, so that a large frame
 * that drips costs the square of its size; keeps a buffer of the largest frame for as long as the connection lives; looks
 * at a frame's size only when it is whole; and keeps fragments of nothing for ever.
 *
 * <p>One a connection; read by one thread at a time.
 */
public final class FrameReader {
    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int COMPRESSED = 0x40;
    private static final int OPCODE = 0x0f;
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;
    private static final int CONTROL = 0x8;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MOST_SHORT = 0xffff;
    private static final int MASK_BYTES = 4;
    private static final byte[] NOTHING = {};

    /** Where the client's messages go. */
    interface Receiver {
        void text(String text);

        void binary(byte[] bytes);

        void ping(byte[] data);

        void pong(byte[] data);

        /** The client says farewell; nothing comes after it. */
        void closed(OptionalInt code, String reason);

        /** The client has broken a rule; nothing comes after it. */
        void violated(DisconnectCode code);
    }

    /**
     * @param messageSize bytes of a message at most
     * @param fragments frames of a message at most; without it, fragments of nothing could go on for ever
     * @param compressed whether messages may be compressed; the size is that of both forms
     */
    public record Bounds(int messageSize, int fragments, boolean compressed) {
        Bounds(int messageSize, int fragments) {
            this(messageSize, fragments, false);
        }
    }

    private final Bounds bounds;
    private final Receiver receiver;
    private final UnfinishedMessages.OfConnection unfinished;
    private final BodyBuffer message;

    // The frame that is being read
    private int headerRead;
    private int first;
    private int second;
    private long declared;
    private int mask;
    private long payloadRead;
    private byte[] control = NOTHING;

    // The message that is being read; its kind is CONTINUATION when there is none
    private int kind = CONTINUATION;
    private int fragments;
    private boolean compressed;
    private @Nullable Utf8 utf8;

    private boolean deaf;
    private volatile boolean closeSeen;

    FrameReader(Bounds bounds, UnfinishedMessages.OfConnection unfinished, Receiver receiver) {
        this.bounds = bounds;
        this.unfinished = unfinished;
        this.message = new BodyBuffer(unfinished.room());
        this.receiver = receiver;
    }

    /** Whether the client's close frame has come: nothing comes after it. */
    boolean closeSeen() {
        return closeSeen;
    }

    /** Reads all that is there. */
    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (isHeaderRead()) {
                payload(bytes);
            } else {
                header(bytes.get() & 0xff);
                if (isHeaderRead()) {
                    begin();
                }
            }
            if (isHeaderRead() && payloadRead == declared) {
                end();
                headerRead = 0;
            }
        }
        unfinished.pause(!deaf && (headerRead > 0 || kind != CONTINUATION));
    }

    /** Gives back what is held of a message that will not come whole. */
    void drop() {
        deaf = true;
        message.drop();
        unfinished.dropped();
    }

    /** Takes nothing more: the client is told why, unless it was told something already. */
    void refuse(DisconnectCode code) {
        if (!deaf) {
            violated(code);
        }
    }

    private boolean isHeaderRead() {
        return headerRead >= 2 && headerRead == 2 + lengthBytes() + maskBytes();
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
                } else {
                    mask = (mask << Byte.SIZE) | octet;
                }
            }
        }
        headerRead++;
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

    private void begin() {
        payloadRead = 0;
        if (!deaf) {
            offence().ifPresent(this::violated);
        }
        if (declared < 0) {
            declared = Long.MAX_VALUE;
        }
        if (!deaf && isControl()) {
            control = declared == 0 ? NOTHING : new byte[(int) declared];
        }
    }

    private boolean isControl() {
        return (first & CONTROL) != 0;
    }

    private Optional<DisconnectCode> offence() {
        if (!isFrame() || !(isControl() ? isControlFrame() : isInOrder())) {
            return Optional.of(DisconnectCode.PROTOCOL_ERROR);
        }
        return isControl() || isWithinBounds() ? Optional.empty() : Optional.of(DisconnectCode.TOO_LARGE);
    }

    /** What section 5.2 says of every frame. */
    private boolean isFrame() {
        boolean minimal = switch (second & LENGTH) {
            case SHORT_LENGTH -> declared >= SHORT_LENGTH;
            case LONG_LENGTH -> declared > MOST_SHORT;
            default -> true;
        };
        return minimal && (second & MASKED) != 0 && (first & RESERVED_BITS & ~reservedForUs()) == 0;
    }

    /** The first bit says that a message is compressed, on its first frame (RFC 7692 section 6). */
    private int reservedForUs() {
        boolean begins = !isControl() && (first & OPCODE) != CONTINUATION;
        return bounds.compressed() && begins ? COMPRESSED : 0;
    }

    /** What section 5.5 says of those that are no part of a message. */
    private boolean isControlFrame() {
        int opcode = first & OPCODE;
        return (first & FIN) != 0
                && declared < SHORT_LENGTH
                && (opcode == PING || opcode == PONG || (opcode == CLOSE && declared != 1));
    }

    /** What section 5.4 says of those that are. */
    private boolean isInOrder() {
        return switch (first & OPCODE) {
            case CONTINUATION -> kind != CONTINUATION;
            case TEXT, BINARY -> kind == CONTINUATION;
            default -> false;
        };
    }

    private boolean isWithinBounds() {
        if (kind == CONTINUATION) {
            kind = first & OPCODE;
            compressed = (first & COMPRESSED) != 0;
            fragments = 0;
            utf8 = null;
        }
        fragments++;
        return declared <= bounds.messageSize() - message.size()
                && ((first & FIN) != 0 || fragments < bounds.fragments());
    }

    private void payload(ByteBuffer bytes) {
        int count = (int) Math.min(declared - payloadRead, bytes.remaining());
        if (deaf) {
            bytes.position(bytes.position() + count);
        } else if (isControl()) {
            bytes.get(control, (int) payloadRead, count);
            Mask.remove(control, (int) payloadRead, count, mask, payloadRead);
        } else {
            data(bytes, count);
        }
        payloadRead += count;
    }

    private void data(ByteBuffer bytes, int count) {
        int end = (int) (message.size() + declared - payloadRead);
        int whole = (first & FIN) != 0 ? end : bounds.messageSize() + 1;
        Optional<byte[]> reserved = message.reserve(count, whole);
        if (reserved.isEmpty()) {
            bytes.position(bytes.position() + count);
            violated(DisconnectCode.OVERLOADED);
            return;
        }
        byte[] into = reserved.get();
        bytes.get(into, message.size(), count);
        Mask.remove(into, message.size(), count, mask, payloadRead);
        if (kind == TEXT && !compressed && !readAlong(into, count)) {
            violated(DisconnectCode.INVALID_DATA);
            return;
        }
        message.added(count);
        unfinished.came(count);
    }

    private boolean readAlong(byte[] bytes, int count) {
        if (utf8 == null) {
            utf8 = new Utf8();
        }
        return utf8.accepts(bytes, message.size(), count);
    }

    private void end() {
        // Not before all of it is here: the connection may be ended then, which would reset a client that still sends
        if ((first & OPCODE) == CLOSE) {
            closeSeen = true;
        }
        if (deaf) {
            return;
        }
        switch (first & OPCODE) {
            case PING -> receiver.ping(takeControl());
            case PONG -> receiver.pong(takeControl());
            case CLOSE -> close(takeControl());
            default -> {
                if ((first & FIN) != 0) {
                    deliver();
                }
            }
        }
    }

    private byte[] takeControl() {
        byte[] data = control;
        control = NOTHING;
        return data;
    }

    private void deliver() {
        int ended = kind;
        if (utf8 != null && !utf8.isComplete()) {
            violated(DisconnectCode.INVALID_DATA);
            return;
        }
        kind = CONTINUATION;
        utf8 = null;
        byte[] bytes = message.take();
        unfinished.whole();
        if (compressed) {
            inflate(ended, bytes);
        } else {
            deliver(ended, bytes);
        }
    }

    private void inflate(int ended, byte[] message) {
        try {
            byte[] bytes = Deflate.inflated(message, bounds.messageSize());
            Utf8 text = new Utf8();
            if (ended == TEXT && (!text.accepts(bytes, 0, bytes.length) || !text.isComplete())) {
                violated(DisconnectCode.INVALID_DATA);
            } else {
                deliver(ended, bytes);
            }
        } catch (DataFormatException e) {
            violated(DisconnectCode.INVALID_DATA);
        } catch (Deflate.TooLargeException e) {
            violated(DisconnectCode.TOO_LARGE);
        }
    }

    private void deliver(int ended, byte[] bytes) {
        if (ended == TEXT) {
            receiver.text(new String(bytes, StandardCharsets.UTF_8));
        } else {
            receiver.binary(bytes);
        }
    }

    private void close(byte[] data) {
        if (data.length == 0) {
            deaf = true;
            receiver.closed(OptionalInt.empty(), "");
            return;
        }
        int code = ByteBuffer.wrap(data).getShort() & 0xffff;
        Utf8 reason = new Utf8();
        if (!CloseCode.mayBeSent(code)) {
            violated(DisconnectCode.PROTOCOL_ERROR);
        } else if (!reason.accepts(data, Short.BYTES, data.length - Short.BYTES) || !reason.isComplete()) {
            violated(DisconnectCode.INVALID_DATA);
        } else {
            deaf = true;
            receiver.closed(
                    OptionalInt.of(code),
                    new String(data, Short.BYTES, data.length - Short.BYTES, StandardCharsets.UTF_8));
        }
    }

    private void violated(DisconnectCode code) {
        drop();
        receiver.violated(code);
    }
}
