package dev.parley.frames;

import dev.parley.protocol.DisconnectCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames that a client sends (RFC 6455 section 5) and hands on whole messages, or
 * parts of them, unmasked and checked; says at
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
    /** In place of a message's kind when there is none. */
    private static final int NONE = FrameHeader.CONTINUATION;

    private static final byte[] NOTHING = {};

    /** Bytes of a message, and of what is thrown away, that are read along with what others send. */
    private static final int LARGE = 64 * 1024;

    /** Bytes of a part at most, where a message is taken in parts: one frame of it, or so much of a larger one. */
    private static final int PART = 64 * 1024;

    /** Of one that is compressed: it may come to a thousand times as much. */
    private static final int COMPRESSED_PART = 4 * 1024;

    /** Where the client's messages go. */
    interface Receiver {
        /** How the message is taken that now begins. */
        default Intake intake(boolean text) {
            return Intake.WHOLE;
        }

        /** Whether the endpoint takes nothing more until it has caught up; then the rest is read. */
        default boolean isHeld() {
            return false;
        }

        /** Whether somebody waits for the rest of a message of which parts were handed on. */
        default boolean isAwaiting() {
            return false;
        }

        void text(String text);

        /** Of characters that are whole; the last one may be empty. */
        default void textPart(String part, boolean last) {}

        void binary(byte[] bytes);

        /** The last one may be empty. */
        default void binaryPart(byte[] part, boolean last) {}

        /** The rest of a message of which parts were handed on will not come. */
        default void dropped() {}

        void ping(byte[] data);

        void pong(byte[] data);

        /** The client says farewell; nothing comes after it. */
        void closed(OptionalInt code, String reason);

        /** The client has broken a rule; nothing comes after it. */
        void violated(DisconnectCode code);
    }

    /**
     * @param messageSize bytes of a message at most, where it is taken whole
     * @param fragments frames of such a message at most; without it, fragments of nothing could go on for ever
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
    private final FrameHeader frame = new FrameHeader();
    private long payloadRead;
    private byte[] control = NOTHING;

    // The message that is being read
    private int kind = NONE;
    private int most;
    private int fragments;
    private boolean compressed;
    private @Nullable Utf8 utf8;
    private @Nullable MessageParts parts;

    private boolean deaf;
    private volatile boolean closeSeen;
    private volatile Share share = Share.SMALL;

    /** What the next bytes are of, and so in which turn they are read. */
    public enum Share {
        SMALL,
        /** Of a message that is large as far as it is known. */
        LARGE,
        /** Of nothing that anybody will have. */
        THROWN_AWAY
    }

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

    /** Reads all that is there, or until nothing more is taken. */
    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && (deaf || !receiver.isHeld())) {
            if (frame.isRead()) {
                payload(bytes);
            } else {
                frame.add(bytes.get() & 0xff);
                if (frame.isRead()) {
                    begin();
                }
            }
            if (frame.isRead() && payloadRead == frame.declared()) {
                end();
                frame.clear();
            }
        }
        if (!deaf && receiver.isHeld()) {
            unfinished.whole(); // It is not the client who is slow
            return;
        }
        boolean midway = frame.isBegun() || isUnfinished();
        unfinished.pause(!deaf && midway);
        share = deaf ? Share.THROWN_AWAY : midway && isLarge() ? Share.LARGE : Share.SMALL;
    }

    /** One whose parts were handed on, and for whose rest nobody waits, may take its time: nothing is held of it. */
    private boolean isUnfinished() {
        return kind != NONE && (parts == null || compressed || message.size() > 0 || receiver.isAwaiting());
    }

    /** Known when all that has come is read; asked on any thread. */
    Share share() {
        return share;
    }

    private boolean isLarge() {
        long coming = frame.isRead() && !frame.isControl() ? frame.declared() - payloadRead : 0;
        return message.size() + coming > LARGE;
    }

    /** Gives back what is held of a message that will not come whole. */
    void drop() {
        deaf = true;
        message.drop();
        unfinished.dropped();
        if (parts != null) {
            parts.end();
            parts = null;
        }
        receiver.dropped();
    }

    /** Takes nothing more: the client is told why, unless it was told something already. */
    void refuse(DisconnectCode code) {
        if (!deaf) {
            violated(code);
        }
    }

    private void begin() {
        payloadRead = 0;
        if (!deaf) {
            offence().ifPresent(this::violated);
        }
        if (!deaf && frame.isControl()) {
            control = frame.declared() == 0 ? NOTHING : new byte[(int) frame.declared()];
        }
    }

    private Optional<DisconnectCode> offence() {
        if (!frame.isFrame(bounds.compressed()) || !(frame.isControl() ? frame.isControlFrame() : isInOrder())) {
            return Optional.of(DisconnectCode.PROTOCOL_ERROR);
        }
        return frame.isControl() || isWithinBounds() ? Optional.empty() : Optional.of(DisconnectCode.TOO_LARGE);
    }

    /** What section 5.4 says of the frames of a message. */
    private boolean isInOrder() {
        return switch (frame.opcode()) {
            case FrameHeader.CONTINUATION -> kind != NONE;
            case FrameHeader.TEXT, FrameHeader.BINARY -> kind == NONE;
            default -> false;
        };
    }

    private boolean isWithinBounds() {
        if (kind == NONE) {
            beginMessage();
        }
        fragments++;
        return parts != null
                || (frame.declared() <= most - message.size() && (frame.isLast() || fragments < bounds.fragments()));
    }

    private void beginMessage() {
        kind = frame.opcode();
        compressed = frame.isCompressed();
        fragments = 0;
        utf8 = null;
        Intake intake = receiver.intake(kind == FrameHeader.TEXT);
        most = Math.min(bounds.messageSize(), intake.most());
        parts = intake.inParts() ? new MessageParts(receiver, kind == FrameHeader.TEXT, compressed) : null;
    }

    private void payload(ByteBuffer bytes) {
        int count = (int) Math.min(frame.declared() - payloadRead, bytes.remaining());
        if (!deaf && frame.isControl()) {
            bytes.get(control, (int) payloadRead, count);
            Mask.remove(control, (int) payloadRead, count, frame.mask(), payloadRead);
        } else if (!deaf && parts != null) {
            count = Math.min(count, partSize() - message.size());
            data(bytes, count, (int) Math.min(partSize(), message.size() + frame.declared() - payloadRead));
        } else if (!deaf) {
            int end = (int) (message.size() + frame.declared() - payloadRead);
            data(bytes, count, frame.isLast() ? end : most + 1);
        } else {
            bytes.position(bytes.position() + count);
        }
        payloadRead += count;
        if (!deaf && parts != null && message.size() == partSize() && payloadRead < frame.declared()) {
            handOn(parts, false);
        }
    }

    private int partSize() {
        return compressed ? COMPRESSED_PART : PART;
    }

    /** @param whole how many there will be in all before they are handed on, as far as is known */
    private void data(ByteBuffer bytes, int count, int whole) {
        Optional<byte[]> reserved = message.reserve(count, whole);
        if (reserved.isEmpty()) {
            bytes.position(bytes.position() + count);
            violated(DisconnectCode.OVERLOADED);
            return;
        }
        byte[] into = reserved.get();
        bytes.get(into, message.size(), count);
        Mask.remove(into, message.size(), count, frame.mask(), payloadRead);
        if (kind == FrameHeader.TEXT && !compressed && parts == null && !readAlong(into, count)) {
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
        if (frame.opcode() == FrameHeader.CLOSE) {
            closeSeen = true;
        }
        if (deaf) {
            return;
        }
        switch (frame.opcode()) {
            case FrameHeader.PING -> receiver.ping(takeControl());
            case FrameHeader.PONG -> receiver.pong(takeControl());
            case FrameHeader.CLOSE -> close(takeControl());
            default -> endOfData();
        }
    }

    private byte[] takeControl() {
        byte[] data = control;
        control = NOTHING;
        return data;
    }

    private void endOfData() {
        if (frame.isLast() && utf8 != null && !utf8.isComplete()) {
            violated(DisconnectCode.INVALID_DATA);
        } else if (parts != null) {
            handOn(parts, frame.isLast());
        } else if (frame.isLast()) {
            deliver();
        }
    }

    private void handOn(MessageParts to, boolean last) {
        byte[] piece = message.take();
        unfinished.whole();
        if (last) {
            kind = NONE;
            parts = null;
        }
        try {
            to.add(piece, last);
        } catch (DataFormatException e) {
            violated(DisconnectCode.INVALID_DATA);
        } finally {
            if (last) {
                to.end();
            }
        }
    }

    private void deliver() {
        int ended = kind;
        kind = NONE;
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
            byte[] bytes = Deflate.inflated(message, most);
            Utf8 text = new Utf8();
            if (ended == FrameHeader.TEXT && (!text.accepts(bytes, 0, bytes.length) || !text.isComplete())) {
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
        if (ended == FrameHeader.TEXT) {
            receiver.text(new String(bytes, StandardCharsets.UTF_8));
        } else {
            receiver.binary(bytes);
        }
    }

    private void close(byte[] data) {
        if (data.length == 0) {
            drop();
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
            drop();
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
